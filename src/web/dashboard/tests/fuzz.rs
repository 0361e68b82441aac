//! Damaged visits to the dashboard: every form that its pages show is posted with fields, cookies and proofs damaged, and
//! every page asked for with damaged paths and queries. A page comes back, and never an error of payd's own.

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, Uri};

use super::super::fixture::{Guest, House, Page};
use super::routes::{Routes, path_of};
use crate::domain::picture::tests::PIXEL;
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::mutation::{Mutator, run, shown};

/// A form of a page: where it goes, and what stands in its fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

/// Values that are typed into fields, whatever their names are.
const TYPED: &[&str] = &[
    "12.50",
    "100",
    "0=1,100=2",
    "https://shop.example/hook",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "USD",
    "2027-01-15",
    "2027-01-15T08:00",
    "08:30",
    "bsc",
    "usdt",
    "PAY-2027-000001",
    "1",
    "-1",
    "on",
    "#aabbcc",
    "203.0.113.7 10.0.0.0/8",
    "jo@example.com",
    "123456",
    "xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj",
    "correct horse battery",
];

const QUERIES: &[&str] = &[
    "?page=2&after=17&before=3",
    "?status=paid&q=order-9&from=2027-01-01&to=2027-01-31&network=bsc&currency=usdt&mode=test",
    "?cursor=AAAA&days=30",
    "?sort=-created&kind=email&lang=de",
];

/// The forms of a page, as far as its tags tell.
fn forms(page: &str) -> Vec<Form> {
    let of_tag = |tag: &str, name: &str| -> Option<String> {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next()?.replace("&amp;", "&"))
    };
    let forms = page
        .split("<form")
        .skip(1)
        .filter(|form| form.split('>').next().is_some_and(|tag| tag.contains("post")));
    let form = |text: &str| {
        let text = text.split("</form>").next()?;
        let (tag, inside) = text.split_once('>')?;
        let fields = inside
            .split('<')
            .filter(|tag| {
                ["input", "select", "textarea", "button"]
                    .iter()
                    .any(|kind| tag.starts_with(kind))
            })
            .filter_map(|tag| Some((of_tag(tag, "name")?, of_tag(tag, "value").unwrap_or_default())))
            .filter(|(name, _)| name != "csrf");
        Some(Form {
            action: of_tag(tag, "action")?,
            fields: fields.collect(),
        })
    };
    forms.filter_map(form).collect()
}

fn is_sound(page: &Page, told: &str) {
    assert_ne!(
        page.status,
        StatusCode::INTERNAL_SERVER_ERROR,
        "{told}: {}",
        page.text
    );
    assert!(!page.text.contains("<script>alert(1)"), "{told}");
}

#[test]
fn no_damaged_form_or_visit_is_an_error_of_payds_own() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let routes = Routes::of_source();
    let is_stream = |route: &&str| !route.ends_with("/live");
    let paths: Vec<String> = routes
        .read()
        .filter(is_stream)
        .map(|route| path_of(route, "1"))
        .collect();
    let posted: Vec<String> = routes.posted().map(|route| path_of(route, "1")).collect();
    let open = || {
        let house = House::new();
        runtime.block_on(house.stage.shop(Dialect::Payhook));
        house
    };
    let mut house = open();
    let mut left = 0;
    run("web::dashboard", 40, |from| {
        // What is changed adds up; now and then all begins anew.
        if left == 0 {
            house = open();
            left = 60;
        }
        left -= 1;
        runtime.block_on(async {
            house.user(&format!("user{left}"), Role::Owner, Shops::All).await;
            let mut guest = house.stranger();
            guest
                .sign_in(&format!("user{left}"), super::super::fixture::PASSWORD)
                .await;
            visit(from, &mut guest, &paths, &posted).await;
        });
    });
}

/// Looks at some pages, and posts what they show.
async fn visit(from: &mut Mutator, guest: &mut Guest<'_>, paths: &[String], posted: &[String]) {
    for _ in 0..4 {
        let path = &paths[from.below(paths.len())];
        let query = if from.once_in(2) {
            from.foul_text(QUERIES)
        } else {
            String::new()
        };
        let path = if from.once_in(3) {
            from.foul_text(&[path.as_str()])
        } else {
            path.clone()
        };
        let whole = format!("{path}{query}");
        if !whole.starts_with('/') || whole.parse::<Uri>().is_err() {
            continue;
        }
        let page = guest.get(&whole).await;
        is_sound(&page, &whole);
        for form in forms(&page.text) {
            post(from, guest, &form, &path).await;
        }
    }
    // Also what no page shows just now.
    let action = posted[from.below(posted.len())].clone();
    let fields = (0..from.below(6)).map(|_| {
        (
            from.pick(&["name", "amount", "text", "url", "kind", "file", "code"])
                .to_owned(),
            String::new(),
        )
    });
    let form = Form {
        action,
        fields: fields.collect(),
    };
    post(from, guest, &form, "/").await;
}

async fn post(from: &mut Mutator, guest: &mut Guest<'_>, form: &Form, shown_at: &str) {
    let action = if form.action.is_empty() {
        shown_at
    } else {
        &form.action
    };
    if !action.starts_with('/')
        || action.contains("sign-out")
        || action.ends_with("/test")
        || action.parse::<Uri>().is_err()
    {
        return;
    }
    let mut fields: Vec<(String, String)> = form.fields.clone();
    for (_, value) in &mut fields {
        match from.below(4) {
            0 => *value = from.pick(TYPED).to_owned(),
            1 => *value = from.foul_text(TYPED),
            2 if from.once_in(4) => {
                *value = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, from.foul(&[PIXEL]))
            }
            _ => {}
        }
    }
    if from.once_in(8) && !fields.is_empty() {
        let one = fields[from.below(fields.len())].clone();
        fields.push(one);
    }
    let told = format!("{action} {fields:?}");
    if from.once_in(12) {
        // Cookies and the form's own text damaged, too: whoever comes so is nobody.
        let cookie = from.foul(&[
            "payd_session=0011223344; __Host-payd=abc; a=b",
            "payd_session=\"\"; ;=;",
        ]);
        let body = from.foul(&["csrf=00&name=x&amount=1%2e5&a%00=b&%ff=%fe", "a=1&a=2;b"]);
        let Ok(cookie) = HeaderValue::from_bytes(&cookie) else {
            return;
        };
        let request = Request::post(action)
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        let page = guest.ask(request, Body::from(body.clone())).await;
        is_sound(&page, &format!("{action} {}", shown(&body)));
        return;
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let page = guest.post(action, &fields).await;
    is_sound(&page, &told);
}
