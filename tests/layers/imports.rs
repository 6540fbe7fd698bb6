//! What a source file names of its own crate: in `use`, in all its forms, in paths between other code, and in macros.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Macro, Path, UseTree, Visibility};

/// A path from the crate's root, as in `crate::site::link`: the names after `crate`.
pub type ModulePath = Vec<String>;

/// The paths that a file names, without those in its tests. `own` is the module that the file is. A path that begins with
/// none of `crate`, `self` and `super` may lead to a child of the module or to another crate, and is taken for the former.
pub fn imports(text: &str, own: &[String]) -> BTreeSet<ModulePath> {
    let file = syn::parse_file(text).expect("a source file is Rust");
    let mut imports = Imports { module: own.to_vec(), found: BTreeSet::new() };
    imports.visit_file(&file);
    imports.found
}

struct Imports {
    /// The module that is being read.
    module: ModulePath,
    found: BTreeSet<ModulePath>,
}

impl Imports {
    fn add(&mut self, path: &[String]) {
        let mut absolute = self.module.clone();
        for (index, name) in path.iter().enumerate() {
            match name.as_str() {
                "crate" | "$crate" if index == 0 => absolute.clear(),
                "self" => {}
                "super" => drop(absolute.pop()),
                _ => absolute.push(name.clone()),
            }
        }
        self.found.insert(absolute);
    }

    /// Every path of a tree, such as the two of `a::{b, c::d}`.
    fn add_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&path.tree, &with(&path.ident)),
            UseTree::Name(name) => self.add(&with(&name.ident)),
            UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            UseTree::Glob(_) => self.add(before),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(tree, before)),
        }
    }
}

impl<'f> Visit<'f> for Imports {
    fn visit_item(&mut self, item: &'f syn::Item) {
        if !attributes(item).iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'f ItemUse) {
        self.add_tree(&item.tree, &[]);
    }

    fn visit_item_mod(&mut self, item: &'f ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'f Path) {
        if path.segments.len() > 1 && path.leading_colon.is_none() {
            self.add(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        }
        visit::visit_path(self, path);
    }

    /// What stands in a macro is not parsed; paths that begin with `crate` or `super` are found there nevertheless.
    fn visit_macro(&mut self, item: &'f Macro) {
        let words: Vec<String> = item.tokens.to_string().split_whitespace().map(str::to_owned).collect();
        for (index, _) in words.iter().enumerate().filter(|(_, word)| matches!(word.as_str(), "crate" | "super")) {
            let path: Vec<String> =
                words[index..].chunks(2).take_while(|pair| is_name(&pair[0])).map(|pair| pair[0].clone()).collect();
            self.add(&path);
        }
        visit::visit_macro(self, item);
    }

    /// Who may see an item is no import.
    fn visit_visibility(&mut self, _: &'f Visibility) {}
}

fn is_name(word: &str) -> bool {
    word.chars().all(|character| character.is_alphanumeric() || character == '_')
}

fn attributes(item: &syn::Item) -> &[Attribute] {
    match item {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = imports(text, &["site".to_owned(), "link".to_owned()]);
        assert_eq!(found.iter().map(|path| path.join("::")).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn braces_may_stand_in_braces() {
        check(
            "use crate::{memo::{Digest, Memo}, path, page as article};",
            &["memo::Digest", "memo::Memo", "page", "path"],
        );
    }

    #[test]
    fn paths_are_counted_from_the_root() {
        check(
            "use super::{section::Section, url}; use self::own::Thing; use super::super::page::*; use child::{self, A};",
            &[
                "page",
                "site::link::child",
                "site::link::child::A",
                "site::link::own::Thing",
                "site::section::Section",
                "site::url",
            ],
        );
    }

    #[test]
    fn paths_are_found_between_other_code() {
        check(
            "fn f(x: crate::page::Page) -> Vec<super::A> { crate::site::assemble(&x); println!(\"{}\", crate::memo::f(1)) }",
            &["memo::f", "page::Page", "site::A", "site::assemble"],
        );
    }

    #[test]
    fn modules_within_a_file_count_from_there() {
        check("mod inner { use super::super::url; pub(in crate::render) struct A; }", &["site::url"]);
    }

    #[test]
    fn tests_may_import_what_they_like() {
        check("#[cfg(test)] mod tests { use crate::cli; } #[cfg(test)] use crate::serve;", &[]);
    }
}
