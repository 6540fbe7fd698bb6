//! `guidepost.toml`, read once into types. Unknown keys and wrong values are diagnostics; every field has a default, so
//! a site without a configuration file builds.

mod base_url;
mod check;
mod contact;
mod file;
mod read;
mod redirects;
mod search;
mod settings;
mod types;

pub use base_url::BaseUrl;
pub use check::Check;
pub use contact::{Contact, Feedback, Widget};
pub(super) use file::read_file;
pub use file::span_of;
pub use read::read;
pub use redirects::Redirect;
pub use search::{PageName, Pinned, Search};
pub use settings::Setting;
pub use types::{Config, Markdown, NavSettings, UrlStyle, Urls};
