//! The file of networks that were switched on in the dashboard: whom to ask, what to look for, how many confirmations.
//!
//! It has fewer settings than the operator's file, read by the same rules; what a network is and how it is read stands in
//! the operator's alone. A network that the operator set up is passed over here, whole.

use super::error::{hint, quoted};
use super::live::{self, Draft, PROVIDERS_MAX};
use super::providers;
use super::read::Section;
use super::settings::Source;

/// Reads its `[networks]` into the drafts that the operator's file leaves open.
pub(super) fn read(section: Section<'_>, drafts: &mut [Draft]) {
    let document = section.document;
    for (slug, section) in section.named_sections() {
        match drafts.iter_mut().find(|draft| *draft.network.slug == *slug) {
            // The operator's file goes before, as a whole.
            Some(draft) if draft.source.is_some() => {}
            Some(draft) => network(section, draft),
            None => {
                let known: Vec<&str> = drafts.iter().map(|draft| &*draft.network.slug).collect();
                let message = format!(
                    "unknown network {}; {}; or put it back into the configuration file",
                    quoted(&slug),
                    hint(&slug, &known)
                );
                document.refuse(section.place.clone(), message);
            }
        }
    }
}

fn network(mut section: Section<'_>, draft: &mut Draft) {
    let document = section.document;
    live::confirmations(&mut section, &mut draft.network, None);
    for (word, mut token) in section.section("tokens").named_sections() {
        let asset = draft
            .assets
            .iter()
            .find(|asset| asset.currency.as_str() == word && !asset.currency.is_native());
        let is_watched = token.flag("enabled", true);
        match asset {
            Some(_) if is_watched => {}
            Some(asset) => {
                draft.switched_off.insert(asset.currency.clone());
            }
            None => {
                let message = format!("{} has no token {}", draft.network.name, quoted(&word));
                document.refuse(token.place.clone(), message);
            }
        }
        token.close();
    }
    let place = section.place.clone();
    let list = section.list("providers", PROVIDERS_MAX);
    let count = list.len();
    draft.scan.providers = providers::read(list, draft.network.family);
    if count == 0 {
        let message = format!("`{}` names no providers; add some, or remove it", section.path());
        document.refuse(place, message);
    } else if let Some(quorum) = draft.scan.quorum.filter(|quorum| *quorum > count) {
        let message = format!(
            "`{}` names {count} providers, but the configuration file has `quorum` {quorum} there; add providers",
            section.path()
        );
        document.refuse(place, message);
    }
    section.close();
    draft.source = Some(Source::Dashboard);
}
