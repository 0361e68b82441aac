// Compiles contracts/*.sol into artifacts/*.json: {sourceSha256, abi, bytecode}. Each artifact is put in place by a
// rename, so that a test that runs at the same time reads the old one or the new one, never half of one.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import solc from "solc";

const here = import.meta.dirname;
const contracts = join(here, "contracts");
const artifacts = join(here, "artifacts");

const files = readdirSync(contracts).filter((file) => file.endsWith(".sol"));
const sources = Object.fromEntries(
  files.map((file) => [file, { content: readFileSync(join(contracts, file), "utf8") }]),
);
const output = JSON.parse(
  solc.compile(
    JSON.stringify({
      language: "Solidity",
      sources,
      settings: {
        // Every chain that payd knows runs this; newer opcodes are not everywhere.
        evmVersion: "paris",
        optimizer: { enabled: true, runs: 200 },
        outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
      },
    }),
  ),
);
for (const message of output.errors ?? []) console.error(message.formattedMessage);
if ((output.errors ?? []).some((message) => message.severity === "error")) process.exit(1);

mkdirSync(artifacts, { recursive: true });
for (const file of files) {
  const name = basename(file, ".sol");
  const compiled = output.contracts[file][name];
  const artifact = {
    sourceSha256: createHash("sha256").update(sources[file].content).digest("hex"),
    abi: compiled.abi,
    bytecode: `0x${compiled.evm.bytecode.object}`,
  };
  const part = join(artifacts, `${name}.json.${process.pid}`);
  writeFileSync(part, JSON.stringify(artifact));
  renameSync(part, join(artifacts, `${name}.json`));
}
