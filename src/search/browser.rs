//! The engine's interface for JavaScript: six functions that take and return numbers, without generated bindings. Texts
//! and bytes are passed in memory from [`allocate`]. This is the only file with `unsafe`, and all of it concerns that
//! memory.
#![allow(unsafe_code)]

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::bytes::Checksum;
use crate::index::{Index, Request};
use crate::vocabulary::Part;

static ENGINE: Mutex<Engine> = Mutex::new(Engine { index: None, answer: String::new() });

struct Engine {
    index: Option<Index>,
    /// The last one, in JSON.
    answer: String,
}

fn engine() -> MutexGuard<'static, Engine> {
    ENGINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Memory for `length` bytes, to be written and then handed to exactly one of the functions below, which frees it.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Takes ownership of memory from [`allocate`].
fn taken(start: *mut u8, length: usize) -> Box<[u8]> {
    // SAFETY: the caller passes a pointer and the length that it had from `allocate`, once.
    unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(start, length)) }
}

/// Opens an index by its first file. The caller knows its checksum, and passes it as two numbers: the first 24 bits and
/// the others. Returns 1 when the file could be read.
#[unsafe(no_mangle)]
pub extern "C" fn open(start: *mut u8, length: usize, high: u32, low: u32) -> u32 {
    let bytes = taken(start, length);
    let index = (Checksum::of(&bytes).halves() == (high, low)).then(|| Index::open(&bytes).ok()).flatten();
    let is_open = index.is_some();
    engine().index = index;
    is_open.into()
}

/// Loads another file, by the kind and number that an answer named. Returns 1 when it belongs to the index.
#[unsafe(no_mangle)]
pub extern "C" fn put(kind: u32, number: u32, start: *mut u8, length: usize) -> u32 {
    let bytes = taken(start, length);
    let mut engine = engine();
    let put = Part::new(kind, number).zip(engine.index.as_mut()).map(|(part, index)| index.put(part, &bytes));
    matches!(put, Some(Ok(()))).into()
}

/// Answers a query and returns the length of the answer; 0 when there is none. The request is five lines: how many hits,
/// `1` for a literal query, a category, a kind, the query.
#[unsafe(no_mangle)]
pub extern "C" fn ask(start: *mut u8, length: usize) -> usize {
    let bytes = taken(start, length);
    let mut engine = engine();
    engine.answer = match (std::str::from_utf8(&bytes).ok().and_then(request), &engine.index) {
        (Some((request, query)), Some(index)) => crate::answer(index, query, &request),
        _ => String::new(),
    };
    engine.answer.len()
}

/// The address of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn answer_start() -> *const u8 {
    engine().answer.as_ptr()
}

fn request(text: &str) -> Option<(Request, &str)> {
    let mut lines = text.splitn(5, '\n');
    let limit = lines.next()?.parse().ok()?;
    let literal = lines.next()? == "1";
    let mut filter = || lines.next().map(|line| Some(line.to_owned()).filter(|line| !line.is_empty()));
    let (category, kind) = (filter()?, filter()?);
    Some((Request { limit, explain: false, literal, category, kind }, lines.next()?))
}
