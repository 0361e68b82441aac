//! Packs the files of `assets/` that payd serves or reads while it runs: each compressed once, here, and never again;
//! `src/web/assets.rs` takes the table in. Templates and the icons in them are not packed: askama compiles them in.
//!
//! The same files make the same bytes: nothing of the clock or of this machine gets in.

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
    let mut table = String::from("static FILES: &[File] = &[\n");
    for (index, path) in files.iter().enumerate() {
        let content = fs::read(path)?;
        let packed = format!("{index}.gz");
        fs::write(out.join(&packed), gzip(&content)?)?;
        let parts: Vec<&str> = path.iter().skip(1).filter_map(|part| part.to_str()).collect();
        let digest = Sha256::digest(&content);
        let hash = digest.iter().take(HASH_BYTES);
        let hash: String = hash.map(|byte| format!("{byte:02x}")).collect();
        writeln!(
            table,
            "File {{ name: {:?}, hash: {hash:?}, gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{packed}\")) }},",
            parts.join("/"),
        )?;
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
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
