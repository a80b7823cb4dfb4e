//! What was sent with a message, in a word. It is not shown here: it lies with WhatsApp, not in the tenant's project.

use crate::mapping::Media;
use app::tr;

/// The word for it.
pub fn media(media: Media) -> String {
    match media {
        Media::Image => tr!("foto", "photo"),
        Media::Audio => tr!("áudio", "audio"),
        Media::Video => tr!("vídeo", "video"),
        Media::Document => tr!("arquivo", "file"),
        Media::Sticker => tr!("figurinha", "sticker"),
        Media::Location => tr!("localização", "location"),
        Media::Contact => tr!("contato", "contact"),
    }
    .to_owned()
}
