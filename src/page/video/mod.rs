//! Videos: what a writer says of one, in front matter, as a component or by a pasted address, becomes one type. How a video
//! looks is the theme's business.

mod address;
mod captions;
mod chapters;
mod check;
mod files;
pub mod frame;
mod given;
mod problems;
mod source;
mod time;
mod transcript;
mod types;

pub use address::{Provider, Source, recognise};
pub use check::{AddLink, check};
pub use files::{CaptionFiles, VideoFiles, caption_candidates, caption_names};
pub use given::{Given, GivenTrack, given, of_component};
pub use problems::PlaceOf;
pub use time::{clock, moment_id, seconds};
pub use transcript::{Line, Paragraph};
pub use types::{Chapter, Track, Video};
