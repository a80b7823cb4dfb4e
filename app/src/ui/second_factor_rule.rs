//! Whether all of some people need a second factor: the card with the rule, and the step that turns it around.

use crate::tr;
use leptos::prelude::*;

/// The card. Its form is a plain one that loads the page anew.
#[component]
pub fn SecondFactorRule(
    /// Whether they need one now.
    required: bool,
    /// What that means for them, in a sentence.
    state: &'static str,
    /// Where the form is sent.
    action: &'static str,
    /// Why it was refused, if it was.
    error: Signal<Option<String>>,
    /// One more class.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let step =
        if required { tr!("Deixar de exigir", "Stop requiring it") } else { tr!("Passar a exigir", "Require it") };
    view! {
        <section class=format!("card {class}").trim_end().to_owned() aria-labelledby="second-factor">
            <h2 id="second-factor">{tr!("Verificação em duas etapas", "Two-step verification")}</h2>
            <p class="card-sub">{state}</p>
            <form method="post" action=action>
                <input type="hidden" name="required" value=(!required).to_string() />
                {move || {
                    error
                        .get()
                        .map(|message| {
                            view! {
                                <p class="field-error">
                                    {message} " "
                                    <a href="/settings/security">{tr!("Abrir Segurança", "Open Security")}</a>
                                </p>
                            }
                        })
                }}
                <div class="card-steps">
                    <button class="button" type="submit">{step}</button>
                </div>
            </form>
        </section>
    }
}
