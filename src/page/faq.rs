//! The questions of a FAQ page: its headings, with what stands below them, become foldable.

use crate::page::body::{ArgumentValue, Body, BodyHeading, Call, CallArgument, Piece};

impl Body {
    /// Makes the questions of a FAQ page foldable: its headings of level 2, or those of level 3 where a heading of level 2
    /// only groups them. What stands below a question, up to the next heading of its level or above, is the answer.
    pub fn fold_questions(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        let mut folded: Vec<Piece> = Vec::with_capacity(pieces.len());
        let mut open: Option<(Box<BodyHeading>, Vec<Piece>)> = None;
        let mut is_grouped = false;
        let mut rest = pieces.into_iter().peekable();
        while let Some(piece) = rest.next() {
            let Piece::Heading(heading) = piece else {
                if matches!(&piece, Piece::Call(call) if call.name == "faq") {
                    folded.extend(open.take().map(|(question, answer)| self.question(*question, answer)));
                }
                match &mut open {
                    Some((_, answer)) => answer.push(piece),
                    None => folded.push(piece),
                }
                continue;
            };
            if open.as_ref().is_some_and(|(question, _)| heading.level > question.level) {
                open.as_mut().expect("it was just seen").1.push(Piece::Heading(heading));
                continue;
            }
            folded.extend(open.take().map(|(question, answer)| self.question(*question, answer)));
            let groups = matches!(rest.peek(), Some(Piece::Heading(next)) if next.level == 3);
            match heading.level {
                2 => is_grouped = groups,
                1 => is_grouped = false,
                _ => {}
            }
            if (heading.level == 2 && !groups) || (heading.level == 3 && is_grouped) {
                open = Some((heading, Vec::new()));
            } else {
                folded.push(Piece::Heading(heading));
            }
        }
        folded.extend(open.take().map(|(question, answer)| self.question(*question, answer)));
        self.pieces = folded;
    }

    fn question(&mut self, heading: BodyHeading, body: Vec<Piece>) -> Piece {
        self.questions.insert(heading.id.clone());
        let argument = |name: &str, text: String| CallArgument {
            name: name.to_owned(),
            value: ArgumentValue::Text(text),
            range: heading.range.clone(),
        };
        let level = heading.level.to_string();
        let arguments = vec![argument("question", heading.text), argument("id", heading.id), argument("level", level)];
        Piece::Call(Box::new(Call { name: "faq".to_owned(), arguments, body, range: heading.range, video: None }))
    }
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    #[track_caller]
    fn check_faq(text: &str, expected: &str) {
        let text = format!("---\ntitle: T\ntype: faq\n---\n{text}");
        let page = page::parse(&PageInput::from_text("content/a.md", &text));
        assert_eq!(page.body.printed(), expected);
    }

    #[test]
    fn headings_of_a_faq_page_are_questions() {
        check_faq(
            "Hi\n\n## A?\n\nYes\n\n### More\n\n## Group\n\n### B?\n\nNo\n",
            "<p>Hi</p>\n[faq question=\"A?\" id=\"a\" level=\"2\"|<p>Yes</p>\n<h3 id=more>More</h3>\n]<h2 id=group>Group</h2>\n[faq question=\"B?\" id=\"b\" level=\"3\"|<p>No</p>\n]",
        );
    }
}
