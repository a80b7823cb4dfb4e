//! The browser's code in parts: the frame and the first page are there at once, another page's code arrives when somebody
//! goes there. `app.rs` names pages by [`Page`]; the frame, what is live and `ui` are in every visit, and so stay out of here.
//!
//! The first page is no part of its own: most visits begin with it, and one file is a tenth less to download than the same
//! code in five. The parts are few for the same reason: what several of them share comes in files of its own, one for each
//! combination.
//!
//! Only a build with the feature `split` (`scripts/build.sh`) has parts; without it, and on the server, all is one.

use crate::{
    appointments::{AppointmentPage, AppointmentsPage},
    audit::{AuditTrailPage, Whose},
    automation::AutomationPage,
    console::{ConsolePage, NewTenantPage, StaffPage, TenantPage},
    conversations::{ConversationsPage, NoThreadPage, PrintPage, ThreadPage},
    credentials::{CredentialsPage, PairingPage},
    links::{LinkPage, ResetPage},
    mapping::MappingPage,
    overview::OverviewPage,
    security::SecurityPage,
    session::{ChoosePage, CodePage, LogInPage},
    team::TeamPage,
};
use leptos::prelude::*;
use leptos_router::ChooseView;

/// Names the page that every visit has, the parts, what brings each, and the pages in it with what draws them.
macro_rules! parts {
    (
        $first:ident => $first_view:expr,
        $($(#[$doc:meta])* $part:ident $name:ident $load:ident { $($page:ident => $view:expr,)+ })+
    ) => {
        /// A piece of the browser's code that arrives by itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Part {
            $($(#[$doc])* $part,)+
        }

        impl Part {
            /// Every part.
            pub const ALL: &[Self] = &[$(Self::$part,)+];

            /// What the build calls it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$part => stringify!($name),)+
                }
            }

            /// Brings it, unless it is there.
            ///
            /// # Errors
            /// When it cannot be had: no network, or a newer release has other files.
            #[cfg(feature = "split")]
            pub async fn load(self) -> Result<(), leptos::wasm_split::SplitLoaderError> {
                match self {
                    $(Self::$part => $load().await,)+
                }
            }
        }

        /// A page, as the route table names it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Page {
            $first,
            $($($page,)+)+
        }

        impl Page {
            #[cfg(feature = "split")]
            const fn part(self) -> Option<Part> {
                match self {
                    Self::$first => None,
                    $($(Self::$page)|+ => Some(Part::$part),)+
                }
            }

            #[cfg(not(feature = "split"))]
            fn draw(self) -> AnyView {
                match self {
                    Self::$first => $first_view.into_any(),
                    $($(Self::$page => $view.into_any(),)+)+
                }
            }

            #[cfg(feature = "split")]
            async fn draw(self) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
                match self.part() {
                    None => Ok($first_view.into_any()),
                    $(Some(Part::$part) => $name(self).await,)+
                }
            }
        }

        $(
            #[cfg(feature = "split")]
            #[leptos::wasm_split::wasm_split($name, wasm_split_path = ::leptos::wasm_split, fallible, preload($load))]
            fn $name(page: Page) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
                Ok(match page {
                    $(Page::$page => $view.into_any(),)+
                    _ => ().into_any(),
                })
            }
        )+
    };
}

parts! {
    Overview => OverviewPage(),
    /// What people look at all day: lists, threads and the agenda.
    Work work load_work {
        Conversations => ConversationsPage(),
        NoThread => NoThreadPage(),
        Thread => ThreadPage(),
        Print => PrintPage(),
        Appointments => AppointmentsPage(),
        Appointment => AppointmentPage(),
    }
    /// What is set up once in a while, for a tenant and by the agency. With them the pages for people who are not in yet:
    /// those have no script, so that nothing of theirs is ever fetched.
    Settings settings load_settings {
        Credentials => CredentialsPage(),
        Pairing => PairingPage(),
        Automation => AutomationPage(),
        Mapping => MappingPage(),
        Choose => ChoosePage(),
        Security => SecurityPage(),
        Team => TeamPage(),
        Audit => view! { <AuditTrailPage whose=Whose::Tenant /> },
        Console => ConsolePage(),
        NewTenant => NewTenantPage(),
        Staff => StaffPage(),
        Tenant => TenantPage(),
        AgencyAudit => view! { <AuditTrailPage whose=Whose::Agency /> },
        LogIn => LogInPage(),
        Code => CodePage(),
        Reset => ResetPage(),
        Link => LinkPage(),
    }
}

impl Part {
    /// The part that the page at a path is in; none for the first page, and where there is no page.
    pub fn of(path: &str) -> Option<Self> {
        Some(match path.trim_matches('/').split('/').next().unwrap_or_default() {
            "conversations" | "appointments" => Self::Work,
            "settings" | "choose" | "console" | "login" | "reset" | "invite" => Self::Settings,
            _ => return None,
        })
    }
}

impl ChooseView for Page {
    #[cfg(feature = "split")]
    async fn choose(self) -> AnyView {
        match self.draw().await {
            Ok(view) => view,
            Err(_) => leave_to_the_server(),
        }
    }

    #[cfg(not(feature = "split"))]
    async fn choose(self) -> AnyView {
        self.draw()
    }

    /// A failure is met when the page is drawn.
    async fn preload(&self) {
        #[cfg(feature = "split")]
        if let Some(part) = self.part() {
            let _ = part.load().await;
        }
    }
}

/// Goes to the page by a full visit, which needs no part of this release.
#[cfg(feature = "split")]
fn leave_to_the_server() -> AnyView {
    let _ = window().location().assign(&untrack(crate::ui::here()));
    ().into_any()
}

#[cfg(test)]
mod tests {
    use super::Part;
    use crate::access::PAGES;

    #[test]
    fn every_page_has_its_part() {
        for (path, _) in PAGES {
            assert_eq!(Part::of(path).is_none(), *path == "/", "{path}");
        }
        assert_eq!(Part::of("/nada"), None);
    }
}
