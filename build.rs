//! Packs the files of `assets/` that payd serves or reads while it runs: each compressed once, here, and never again;
//! `src/web/assets.rs` takes the table in. Templates and the icons in them are not packed: askama compiles them in.
//!
//! The same files make the same bytes: nothing of the clock or of this machine gets in.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};

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

/// Digits of a file's hash, two to the byte.
const HASH_BYTES: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={FOLDER}");
    name_the_build()?;
    let mut files = Vec::new();
    find(Path::new(FOLDER), &mut files)?;
    files.sort();
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let (mut served, mut bundles) = (String::new(), BTreeMap::<String, Bundle>::new());
    for (index, path) in files.iter().enumerate() {
        let content = fs::read(path)?;
        let parts: Vec<&str> = path.iter().skip(1).filter_map(|part| part.to_str()).collect();
        let name = parts.join("/");
        if let Some(folder) = bundle_of(&name) {
            let bundle = bundles.entry(folder.to_owned()).or_default();
            bundle.names.push(name.clone());
            bundle
                .content
                .extend([name.as_bytes(), b"\0", &content, b"\0"].concat());
            continue;
        }
        let packed = pack(&out, &format!("{index}.gz"), &content)?;
        let digest = Sha256::digest(&content);
        let hash = digest.iter().take(HASH_BYTES);
        let hash: String = hash.map(|byte| format!("{byte:02x}")).collect();
        writeln!(
            served,
            "File {{ name: {name:?}, hash: {hash:?}, gzip: {packed} }},"
        )?;
    }
    let mut table = format!("static FILES: &[File] = &[\n{served}];\nstatic BUNDLES: &[Bundle] = &[\n");
    for (index, (folder, bundle)) in bundles.iter().enumerate() {
        let packed = pack(&out, &format!("bundle{index}.gz"), &bundle.content)?;
        let names = &bundle.names;
        writeln!(
            table,
            "Bundle {{ folder: {folder:?}, names: &{names:?}, gzip: {packed} }},"
        )?;
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

/// Files that are packed as one: the name of each and its content, each with a zero after it.
#[derive(Default)]
struct Bundle {
    names: Vec<String>,
    content: Vec<u8>,
}

/// The folder that a file is packed with, if it is.
fn bundle_of(name: &str) -> Option<&str> {
    if name.starts_with(LANGUAGES) {
        return name.get(..=name.rfind('/')?);
    }
    BUNDLES.into_iter().find(|folder| name.starts_with(folder))
}

/// Writes a content compressed, and gives the Rust expression that takes it in.
fn pack(out: &Path, file: &str, content: &[u8]) -> Result<String, Box<dyn Error>> {
    fs::write(out.join(file), gzip(content)?)?;
    Ok(format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))"))
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
