//! What somebody chose on the page of a network: which providers, which tokens, how many confirmations.

use crate::domain::asset::Currency;
use crate::engine::office::networks::{
    NetworkChange, NetworkState, Proposal, ProviderChoice, ProviderEntry, ProviderName, ProviderProbe,
};
use crate::web::dashboard::Form;

/// Providers of one's own that a page has room for.
pub(super) const OWN: usize = 3;

/// The fields of one provider of one's own, by which mistakes are noted.
pub(super) const OWN_FIELDS: [&str; OWN] = ["url-1", "url-2", "url-3"];
const KIND_FIELDS: [&str; OWN] = ["kind-1", "kind-2", "kind-3"];
const HEADER_FIELDS: [&str; OWN] = ["header-1", "header-2", "header-3"];

/// A provider that can be ticked.
pub(super) struct Ticked {
    /// What the field carries: the host, after where it is known from.
    pub(super) value: String,
    pub(super) host: String,
    pub(super) operator: &'static str,
    pub(super) kind: &'static str,
    pub(super) is_on: bool,
    pub(super) choice: ProviderChoice,
    pub(super) probe: Option<ProviderProbe>,
}

/// A provider that can be typed.
pub(super) struct Typed {
    /// What its fields are called.
    pub(super) url_field: &'static str,
    pub(super) kind_field: &'static str,
    pub(super) header_field: &'static str,
    pub(super) url: String,
    pub(super) kind: String,
    pub(super) header: String,
    pub(super) probe: Option<ProviderProbe>,
}

/// A token that can be ticked.
pub(super) struct Token {
    pub(super) currency: Currency,
    pub(super) symbol: String,
    pub(super) is_on: bool,
}

/// All of it.
pub(super) struct Choice {
    pub(super) ticked: Vec<Ticked>,
    pub(super) typed: Vec<Typed>,
    pub(super) tokens: Vec<Token>,
    pub(super) confirmations: String,
}

fn kept(name: &ProviderName) -> Ticked {
    Ticked {
        value: format!("kept {}", name.host),
        host: name.host.clone(),
        operator: "",
        kind: name.kind,
        is_on: true,
        choice: ProviderChoice::Kept(name.host.clone()),
        probe: None,
    }
}

fn proposed(proposal: &Proposal, is_on: bool) -> Ticked {
    Ticked {
        value: format!("proposed {}", proposal.host),
        host: proposal.host.clone(),
        operator: proposal.operator,
        kind: proposal.kind,
        is_on,
        choice: ProviderChoice::New(ProviderEntry {
            url: proposal.url.to_owned(),
            kind: kind_word(proposal.kind),
            headers: Vec::new(),
        }),
        probe: None,
    }
}

/// Nodes are what is meant where nothing is said, and on most networks nothing may be.
fn kind_word(kind: &str) -> String {
    if kind == "node" {
        String::new()
    } else {
        kind.to_owned()
    }
}

impl Choice {
    /// What is in force, or what is proposed where nothing is.
    pub(super) fn of(state: &NetworkState) -> Self {
        let mut ticked: Vec<Ticked> = state.providers.iter().map(kept).collect();
        for proposal in &state.proposal {
            match ticked.iter_mut().find(|known| known.host == proposal.host) {
                Some(known) => known.operator = proposal.operator,
                None => ticked.push(proposed(proposal, !state.is_live && proposal.is_recommended)),
            }
        }
        let typed = (0..OWN).filter_map(|place| {
            Some(Typed {
                url_field: OWN_FIELDS.get(place)?,
                kind_field: KIND_FIELDS.get(place)?,
                header_field: HEADER_FIELDS.get(place)?,
                url: String::new(),
                kind: String::new(),
                header: String::new(),
                probe: None,
            })
        });
        let tokens = state
            .assets
            .iter()
            .filter(|asset| !asset.asset.currency.is_native());
        let tiers = &state.network.confirmations;
        let flat = tiers.iter().count() == 1;
        Self {
            ticked,
            typed: typed.collect(),
            tokens: tokens
                .map(|asset| Token {
                    currency: asset.asset.currency.clone(),
                    symbol: asset.asset.symbol.to_string(),
                    is_on: asset.is_watched,
                })
                .collect(),
            confirmations: if flat {
                tiers.highest().to_string()
            } else {
                tiers.to_string()
            },
        }
    }

    /// What was posted.
    pub(super) fn read(state: &NetworkState, form: &Form) -> Self {
        let mut choice = Self::of(state);
        for ticked in &mut choice.ticked {
            ticked.is_on = form.all("provider").any(|value| value == ticked.value);
        }
        for typed in &mut choice.typed {
            typed.url = form.get(typed.url_field).to_owned();
            typed.kind = form.get(typed.kind_field).to_owned();
            typed.header = form.get(typed.header_field).to_owned();
        }
        for token in &mut choice.tokens {
            token.is_on = form.all("token").any(|value| value == token.currency.as_str());
        }
        choice.confirmations = form.get("confirmations").to_owned();
        choice
    }

    /// Whom to ask, in the order of the page.
    pub(super) fn providers(&self) -> Vec<ProviderChoice> {
        let ticked = self.ticked.iter().filter(|ticked| ticked.is_on);
        let typed = self.typed.iter().filter(|typed| !typed.url.is_empty());
        ticked
            .map(|ticked| ticked.choice.clone())
            .chain(typed.map(|typed| ProviderChoice::New(typed.entry())))
            .collect()
    }

    /// Where the provider of a number stands, counted from 0: among those typed, or `None` among those ticked.
    pub(super) fn field_of(&self, number: usize) -> Option<&'static str> {
        let ticked = self.ticked.iter().filter(|ticked| ticked.is_on).count();
        let mut typed = self.typed.iter().filter(|typed| !typed.url.is_empty());
        typed
            .nth(number.checked_sub(ticked)?)
            .map(|typed| typed.url_field)
    }

    /// Notes what was learnt of the providers, in their order.
    pub(super) fn note(&mut self, probes: Vec<ProviderProbe>) {
        let mut probes = probes.into_iter();
        for ticked in self.ticked.iter_mut().filter(|ticked| ticked.is_on) {
            ticked.probe = probes.next();
        }
        for typed in self.typed.iter_mut().filter(|typed| !typed.url.is_empty()) {
            typed.probe = probes.next();
        }
    }

    /// The change that brings it into force.
    pub(super) fn change(&self, state: &NetworkState) -> NetworkChange {
        let off = self.tokens.iter().filter(|token| !token.is_on);
        let before = Self::of(state).confirmations;
        NetworkChange::On {
            network: state.network.slug.to_string(),
            providers: self.providers(),
            // What was not touched goes on to follow the default.
            confirmations: if self.confirmations == before && !state.is_live {
                String::new()
            } else {
                self.confirmations.clone()
            },
            tokens_off: off.map(|token| token.currency.clone()).collect(),
        }
    }
}

impl Typed {
    fn entry(&self) -> ProviderEntry {
        let header = self.header.split_once(':');
        let header = header.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        ProviderEntry {
            url: self.url.clone(),
            kind: kind_word(&self.kind),
            headers: header.into_iter().collect(),
        }
    }
}
