//! Packs the files of `assets/` that payd serves or reads while it runs: each compressed once, here, and never again;
//! `src/web/assets.rs` embeds what lies in `packed` then. Templates and the icons in them are not packed: askama compiles them in.
//!
//! The same files make the same bytes: nothing of the clock or of this machine gets in.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};

const FOLDER: &str = "assets";

/// Everything else is a template.
const PACKED: [&str; 13] = [
    "css", "ftl", "go", "js", "json", "mjs", "php", "png", "py", "rs", "sh", "svg", "woff2",
];

/// Folders of parts that only templates include.
const PARTS: &str = "icons";

/// Folders whose files are read and never served. What lies in each is packed as one, which takes a quarter of the room.
const BUNDLES: [&str; 2] = ["docs/openapi/", "docs/programs/"];

/// Below it, each folder is a bundle: the texts of a language.
const LANGUAGES: &str = "i18n/";

/// What the files of a folder that are packed as one are called: path and content of each, each with a zero after it.
const BUNDLE: &str = "bundle";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={FOLDER}");
    name_the_build()?;
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        // Functions of the same code are kept once, where nobody asks which of them it is.
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=safe");
    }
    let mut files = Vec::new();
    find(Path::new(FOLDER), &mut files)?;
    files.sort();
    let packed = PathBuf::from(std::env::var("OUT_DIR")?).join("packed");
    if packed.exists() {
        // What was removed from `assets/` is not to stay behind.
        fs::remove_dir_all(&packed)?;
    }
    let mut bundles = BTreeMap::<String, Vec<u8>>::new();
    for path in &files {
        let content = fs::read(path)?;
        let parts: Vec<&str> = path.iter().skip(1).filter_map(|part| part.to_str()).collect();
        let name = parts.join("/");
        match bundle_of(&name) {
            Some(folder) => bundles
                .entry(format!("{folder}{BUNDLE}"))
                .or_default()
                .extend([name.as_bytes(), b"\0", &content, b"\0"].concat()),
            None => pack(&packed.join(name), &content)?,
        }
    }
    for (name, content) in bundles {
        pack(&packed.join(name), &content)?;
    }
    Ok(())
}

/// The folder that a file is packed with, if it is.
fn bundle_of(name: &str) -> Option<&str> {
    if name.starts_with(LANGUAGES) {
        return name.get(..=name.rfind('/')?);
    }
    BUNDLES.into_iter().find(|folder| name.starts_with(folder))
}

/// Writes a content compressed.
fn pack(path: &Path, content: &[u8]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
    Ok(fs::write(path, gzip(content)?)?)
}

/// For what and with what this is built, as the page about payd says.
fn name_the_build() -> Result<(), Box<dyn Error>> {
    let rustc = std::env::var("RUSTC")?;
    let said = std::process::Command::new(rustc)
        .arg("--version")
        .output()?
        .stdout;
    let said = String::from_utf8(said)?;
    println!("cargo:rustc-env=PAYD_RUSTC={}", said.trim());
    println!("cargo:rustc-env=PAYD_TARGET={}", std::env::var("TARGET")?);
    Ok(())
}

/// All files to pack below `folder`.
fn find(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ends_with = |extension: &&str| path.extension().is_some_and(|own| own == *extension);
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != PARTS) {
                find(&path, found)?;
            }
        } else if PACKED.iter().any(ends_with) {
            found.push(path);
        }
    }
    Ok(())
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    packer.write_all(content)?;
    packer.finish()
}
