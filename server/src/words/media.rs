//! What was sent with a message, in a word. It is not shown here: it lies with WhatsApp, not in the tenant's project.

use crate::mapping::Media;

/// The word for it.
pub fn media(media: Media) -> String {
    match media {
        Media::Image => "foto",
        Media::Audio => "áudio",
        Media::Video => "vídeo",
        Media::Document => "arquivo",
        Media::Sticker => "figurinha",
        Media::Location => "localização",
        Media::Contact => "contato",
    }
    .to_owned()
}
