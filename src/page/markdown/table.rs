//! Tables: each may be scrolled for itself, and cells are aligned by classes.

use pulldown_cmark::Alignment;

use super::writer::Writer;
use crate::page::body::Piece;

impl Writer<'_, '_, '_> {
    pub fn start_table(&mut self, alignments: &[Alignment]) {
        self.table.alignments = alignments.to_vec();
        self.html("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
        self.piece(Piece::Phrase("table_label"));
        self.html("\"><table>");
    }

    pub fn start_row(&mut self, is_head: bool) {
        self.table.cell = 0;
        self.table.in_head = is_head;
        self.html(if is_head { "<thead><tr>" } else { "<tr>" });
    }

    pub fn start_cell(&mut self) {
        let element = if self.table.in_head { "th" } else { "td" };
        let class = match self.table.alignments.get(self.table.cell) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            _ => "",
        };
        self.html(&format!("<{element}{class}>"));
    }

    pub fn end_cell(&mut self) {
        self.table.cell += 1;
        self.html(if self.table.in_head { "</th>" } else { "</td>" });
        self.keep_text(" \n");
    }
}
