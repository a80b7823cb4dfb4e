//! The two languages. A text stands where it is used, in both of them: `tr!("Conversas", "Conversations")`. One without
//! its other half does not compile.
//!
//! Whose language it is needs no passing on: on the server it is the request's, in the browser the page's. (A page that was
//! open before another language was chosen elsewhere has its own words in the old one until it is loaded anew.)

#[cfg(feature = "ssr")]
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use std::future::Future;

/// A language of Painel's. What nobody chose one for is Portuguese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    /// Portuguese as in Brazil.
    #[default]
    #[serde(rename = "pt-BR")]
    Pt,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// The text in the reader's language: `tr!("Conversas", "Conversations")`. Any two expressions of one type; only the
/// reader's is evaluated: `tr!(format!("há {n} min"), format!("{n} min ago"))`.
#[macro_export]
macro_rules! tr {
    ($portuguese:expr, $english:expr $(,)?) => {
        match $crate::lang::lang() {
            $crate::lang::Lang::Pt => $portuguese,
            $crate::lang::Lang::En => $english,
        }
    };
}

/// A text in both languages at once, for what is kept and read by several people: `both!("Recusado.", "Refused.")`.
#[macro_export]
macro_rules! both {
    ($portuguese:expr, $english:expr $(,)?) => {
        $crate::lang::Both { pt: ::std::convert::Into::into($portuguese), en: ::std::convert::Into::into($english) }
    };
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Both {
    /// In Portuguese.
    pub pt: Box<str>,
    /// In English.
    pub en: Box<str>,
}

impl Both {
    /// In the reader's language.
    pub fn here(&self) -> &str {
        tr!(&*self.pt, &*self.en)
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.pt.is_empty()
    }
}

impl Lang {
    /// Every language, the first one first.
    pub const ALL: [Self; 2] = [Self::Pt, Self::En];

    /// Its tag, as in `lang="…"`, in the cookie and in the store. Source: BCP 47.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pt => "pt-BR",
            Self::En => "en",
        }
    }

    /// Reads a tag of any kind of this language: `pt`, `pt-PT`, `en-GB`.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.trim().split('-').next().unwrap_or_default() {
            tag if tag.eq_ignore_ascii_case("pt") => Some(Self::Pt),
            tag if tag.eq_ignore_ascii_case("en") => Some(Self::En),
            _ => None,
        }
    }

    /// Its own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pt => "Português",
            Self::En => "English",
        }
    }

    /// The one of ours that a browser would rather have, if it names any. Source: RFC 9110, 12.5.4.
    pub fn accepted(header: &str) -> Option<Self> {
        let weighed = header.split(',').take(20).filter_map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=")?.parse::<f32>().ok()?;
            Some((Self::parse(tag)?, weight))
        });
        // The first of the weightiest.
        let best =
            weighed.filter(|(_, weight)| *weight > 0.0).reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(lang, _)| lang)
    }
}

/// The reader's language.
pub fn lang() -> Lang {
    #[cfg(feature = "ssr")]
    {
        // A page's parts are drawn as they are read, on whichever task; there the page's own context knows.
        SPOKEN.try_with(|lang| *lang).ok().or_else(use_context::<Lang>).unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    PAGE.get()
}

#[cfg(feature = "ssr")]
tokio::task_local! {
    static SPOKEN: Lang;
}

/// Has everything that is done by the future speak this language, but for what it hands to other tasks.
#[cfg(feature = "ssr")]
pub fn speaking<T>(lang: Lang, work: impl Future<Output = T>) -> impl Future<Output = T> {
    SPOKEN.scope(lang, work)
}

/// The same for what is done at once.
#[cfg(feature = "ssr")]
pub fn speak<T>(lang: Lang, work: impl FnOnce() -> T) -> T {
    SPOKEN.sync_scope(lang, work)
}

#[cfg(not(feature = "ssr"))]
thread_local! {
    /// A browser's page is in one language: another choice loads it anew.
    static PAGE: std::cell::Cell<Lang> = const { std::cell::Cell::new(Lang::Pt) };
}

/// Takes over the language that the page came in.
#[cfg(not(feature = "ssr"))]
pub(crate) fn keep(lang: Lang) {
    PAGE.set(lang);
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_in_the_language_spoken() {
        let words = || tr!("sim", "yes");
        assert_eq!((words(), speak(Lang::En, words), words()), ("sim", "yes", "sim"));
        assert_eq!(speak(Lang::En, || both!("sim", "yes").here().to_owned()), "yes");
    }

    #[test]
    fn a_browser_gets_what_it_would_rather_have() {
        for (header, lang) in [
            ("pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", Some(Lang::Pt)),
            ("en-US,en;q=0.9,pt;q=0.8", Some(Lang::En)),
            ("es-AR, en;q=0.5 ,pt;q=0.6", Some(Lang::Pt)),
            ("EN", Some(Lang::En)),
            ("en;q=0,pt;q=0.1", Some(Lang::Pt)),
            ("pt,en", Some(Lang::Pt)),
            ("fr-FR,fr", None),
            ("", None),
            ("en;q=so", None),
            ("*", None),
        ] {
            assert_eq!(Lang::accepted(header), lang, "for {header:?}");
        }
    }

    #[test]
    fn a_tag_is_read_back() {
        for lang in Lang::ALL {
            assert_eq!(Lang::parse(lang.as_str()), Some(lang));
            assert_eq!(serde_json::to_value(lang).expect("json"), lang.as_str());
        }
        assert_eq!(Lang::parse("entlebuch"), None);
    }
}
