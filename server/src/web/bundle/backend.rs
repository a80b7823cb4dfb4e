//! The bundle as `ServeDir` asks for files: the same code as for a folder answers, so headers, ranges, conditions and
//! encodings are the same.

use super::{Bundle, Kept};
use axum::body::Bytes;
use std::{
    future::{Ready, ready},
    io,
    path::{Path, PathBuf},
    pin::Pin,
    task::{Context, Poll},
    time::SystemTime,
};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata};

/// A file that is being sent.
pub struct Opened {
    content: io::Cursor<Bytes>,
    about: About,
}

/// What is known of a file.
#[derive(Debug, Clone, Copy)]
pub struct About {
    length: u64,
    modified: SystemTime,
}

impl From<&Kept> for About {
    fn from(file: &Kept) -> Self {
        Self { length: file.bytes.len() as u64, modified: file.modified }
    }
}

impl Backend for Bundle {
    type File = Opened;
    type Metadata = About;
    type OpenFuture = Ready<io::Result<Opened>>;
    type MetadataFuture = Ready<io::Result<About>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(
            found(self, &path)
                .map(|file| Opened { content: io::Cursor::new(file.bytes.clone()), about: About::from(file) }),
        )
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(found(self, &path).map(About::from))
    }
}

fn found<'a>(bundle: &'a Bundle, path: &Path) -> io::Result<&'a Kept> {
    bundle.find(path).ok_or_else(|| io::ErrorKind::NotFound.into())
}

impl Metadata for About {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> io::Result<SystemTime> {
        Ok(self.modified)
    }

    fn len(&self) -> u64 {
        self.length
    }
}

impl File for Opened {
    type Metadata = About;
    type MetadataFuture<'a> = Ready<io::Result<About>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.about))
    }
}

impl AsyncRead for Opened {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.content).poll_read(cx, buffer)
    }
}

impl AsyncSeek for Opened {
    fn start_seek(mut self: Pin<&mut Self>, position: io::SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.content).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.content).poll_complete(cx)
    }
}
