//! Who may do what, by the pattern of the path. What is not named here takes an owner to change, and somebody signed in to
//! read: a page that is forgotten is closed, not open.

use axum::http::Method;

use crate::domain::user::Role;

/// For whoever comes: nobody is signed in yet.
const OPEN: &[&str] = &["/sign-in", "/setup/{token}"];

/// What everybody may do, in their own name.
const OWN: &[&str] = &[
    "/account",
    "/account/language",
    "/account/password",
    "/account/second-factor",
    "/account/second-factor/codes",
    "/account/second-factor/off",
    "/account/sessions/end",
    "/account/sessions/{session}/end",
    "/second-factor",
    "/sign-out",
];

/// What the day's work takes.
const STAFF: &[&str] = &[
    "/stores/{store}/webhooks/{endpoint}/deliveries/{delivery}/replay",
    "/stores/{store}/webhooks/{endpoint}/replay",
    "/stores/{store}/webhooks/{endpoint}/test",
    "/stores/{store}/payments/new",
    "/stores/{store}/payments/{number}/cancel",
    "/stores/{store}/payments/{number}/accept",
    "/stores/{store}/payments/{number}/note",
    "/stores/{store}/payments/{number}/replay",
    "/stores/{store}/payments/{number}/simulate",
    "/stores/{store}/counter",
    "/stores/{store}/counter/{number}/cancel",
    "/stores/{store}/inbox/{transfer}/attach",
    "/stores/{store}/inbox/{transfer}/dismiss",
];

/// What only owners may even look at.
const OWNER_READS: &[&str] = &[
    "/users",
    "/audit-log",
    "/audit-log/export",
    "/backup",
    "/notices",
    "/nodes/networks/{network}",
    "/nodes/networks/{network}/off",
    "/stores/{store}/addresses/{network}/add",
    // Account keys show what a store ever received.
    "/stores/{store}/addresses/{network}/way",
    "/notices/{channel}",
    "/notices/new/{kind}",
    "/stores/{store}/settings",
    "/stores/{store}/settings/payments",
    "/stores/{store}/settings/coins",
    "/stores/{store}/settings/confirmations",
    "/stores/{store}/settings/rates",
    "/stores/{store}/settings/branding",
    "/stores/{store}/settings/branding/preview",
    "/stores/{store}/settings/branding/{look}",
    "/stores/{store}/keys",
    "/stores/{store}/keys/{key}",
    "/stores/{store}/donations/page",
    "/stores/{store}/webhooks/new",
    "/stores/{store}/webhooks/{endpoint}/remove",
    "/stores/{store}/webhooks/{endpoint}/rotate",
    "/stores/{store}/widget",
    "/users/new",
    "/users/{user}",
];

/// What a path takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing.
    Nobody,
    /// Somebody signed in who may do this.
    Role(Role),
}

/// What a request to the route of this pattern takes.
pub(super) fn needs(method: &Method, route: &str) -> Needs {
    if OPEN.contains(&route) {
        return Needs::Nobody;
    }
    let is_reading = *method == Method::GET || *method == Method::HEAD;
    let role = if OWN.contains(&route) {
        Role::ReadOnly
    } else if is_reading {
        if OWNER_READS.contains(&route) {
            Role::Owner
        } else {
            Role::ReadOnly
        }
    } else if STAFF.contains(&route) {
        Role::Staff
    } else {
        Role::Owner
    };
    Needs::Role(role)
}

/// All that is named here.
#[cfg(test)]
pub(super) fn named() -> impl Iterator<Item = &'static str> {
    let all = OPEN.iter().chain(OWN).chain(STAFF).chain(OWNER_READS);
    all.copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_that_nobody_thought_of_takes_an_owner_to_change() {
        assert_eq!(needs(&Method::POST, "/anything"), Needs::Role(Role::Owner));
        assert_eq!(needs(&Method::DELETE, "/anything"), Needs::Role(Role::Owner));
        assert_eq!(needs(&Method::GET, "/anything"), Needs::Role(Role::ReadOnly));
        assert_eq!(needs(&Method::POST, "/sign-out"), Needs::Role(Role::ReadOnly));
        assert_eq!(needs(&Method::POST, "/sign-in"), Needs::Nobody);
    }
}
