//! Text on its way to Markdown: snippets and variables are put in place, what is for other audiences is taken out, and
//! components and raw HTML are found in it.

pub mod audience;
pub mod blocks;
pub mod component;
pub mod expand;
pub mod html;
pub mod include;
pub mod lines;
pub mod masked;
pub mod options;
pub mod plain;
pub mod source;
pub mod variables;
pub mod words;
