// Compiles the contracts, or says whether the committed artifacts still stand for their sources.
//
//   node contracts/compile.js write   compiles and writes src/main/resources/contracts/<Name>.json
//   node contracts/compile.js check   compiles and fails if an artifact differs: 10 to 50 s
//   node contracts/compile.js fresh   compares the sources' hashes only: every build runs this
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { artifactFile, deployed, fail, read, readArtifact, settings, sourceHash } from "./sources.js";

const remedy = "Run: npm --prefix chain-anchor run compile, and commit src/main/resources/contracts.";

const modes = { write, check, fresh };
const mode = modes[process.argv[2]];
if (!mode) fail("Usage: node contracts/compile.js write|check|fresh");
await mode();

async function write() {
  for (const [contract, artifact] of Object.entries(await compile())) {
    mkdirSync(dirname(artifactFile(contract)), { recursive: true });
    writeFileSync(artifactFile(contract), text(artifact));
    console.log(`${contract}: ${(artifact.bytecode.length - 2) / 2} bytes to deploy`);
  }
}

async function check() {
  for (const [contract, artifact] of Object.entries(await compile())) {
    if (text(committed(contract)) !== text(artifact)) {
      fail(`${contract}.json is not what its sources compile to. ${remedy}`);
    }
  }
  console.log("Every artifact is what its sources compile to.");
}

async function fresh() {
  for (const contract of Object.keys(deployed)) {
    const { sources, compiler } = committed(contract);
    if (JSON.stringify(compiler.settings) !== JSON.stringify(settings)) {
      fail(`${contract}.json was compiled with other settings. ${remedy}`);
    }
    for (const [source, hash] of Object.entries(sources)) {
      if (hashOrMissing(source) !== hash) {
        fail(`${source} changed since ${contract}.json was compiled. ${remedy}`);
      }
    }
  }
}

function committed(contract) {
  try {
    return readArtifact(contract);
  } catch (missing) {
    return fail(`${contract}.json cannot be read (${missing.message}). ${remedy}`);
  }
}

function hashOrMissing(source) {
  try {
    return sourceHash(source);
  } catch {
    return "missing";
  }
}

async function compile() {
  // Loading the compiler takes seconds, which the cheap mode does without.
  const { default: solc } = await import("solc");
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.values(deployed).map((source) => [source, { content: read(source) }])),
    settings: { ...settings, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "metadata"] } } },
  };
  const load = (source) => ({ contents: read(source) });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: load }));
  // What a package's own sources are warned of is not ours to mend; a warning about ours ends the build.
  const ours = (output.errors ?? []).filter(
    (error) => error.severity === "error" || !error.sourceLocation?.file.startsWith("@openzeppelin/"),
  );
  if (ours.length > 0) fail(ours.map((error) => error.formattedMessage).join("\n"));

  return Object.fromEntries(
    Object.entries(deployed).map(([contract, source]) => {
      const { abi, evm, metadata } = output.contracts[source][contract];
      const sources = Object.keys(JSON.parse(metadata).sources).sort();
      return [
        contract,
        {
          contract,
          compiler: { version: solc.version(), settings },
          sources: Object.fromEntries(sources.map((name) => [name, sourceHash(name)])),
          abi,
          bytecode: "0x" + evm.bytecode.object,
        },
      ];
    }),
  );
}

function text(artifact) {
  return JSON.stringify(artifact, null, 2) + "\n";
}
