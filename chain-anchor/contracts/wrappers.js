// Writes a Java class for each deployed contract from its committed ABI: its calls, what it answers, its events, and
// what it refuses with. So no signature is written by hand, and Java that no longer fits an ABI does not compile.
//
//   node contracts/wrappers.js OUT [ARTIFACTS]
//
// writes OUT/xyz/openledger/chainanchor/evm/<Name>Abi.java; a file that would not change is left alone.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployed, fail, root } from "./sources.js";

const [out, artifacts = join(root, "src/main/resources/contracts")] = process.argv.slice(2);
if (!out) fail("Usage: node contracts/wrappers.js OUT [ARTIFACTS]");

/** What Call knows of arrays, by their elements. */
const arrayAdds = {
  Address: "addresses",
  Digest: "bytes32s",
  BigInteger: "uints",
  "byte[]": "byteStrings",
  Selector: "selectors",
};

const folder = join(out, "xyz/openledger/chainanchor/evm");
mkdirSync(folder, { recursive: true });
const written = Object.keys(deployed).map(write);
readdirSync(folder).filter((file) => !written.includes(file)).forEach((file) => rmSync(join(folder, file)));

function write(contract) {
  const { abi } = JSON.parse(readFileSync(join(artifacts, `${contract}.json`), "utf8"));
  const name = `${contract}Abi.java`;
  const text = wrapper(contract, abi);
  const file = join(folder, name);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  return name;
}

function wrapper(contract, abi) {
  const of = (type) => abi.filter((entry) => entry.type === type);
  const functions = of("function").filter(isEncodable);
  const records = new Map();
  const constants = selectors(contract, functions);
  const body = [
    `  static final String CONTRACT = "${contract}";\n`,
    ...[...constants].map(([{ name, inputs }, constant]) =>
      `  static final Selector ${constant} = Selector.of("${signature(name, inputs)}");\n`),
    "\n",
    ...[creation(of("constructor")[0]?.inputs ?? [], records)],
    ...functions.map((entry) => method(entry, constants.get(entry), records)),
    ...of("event").map((entry) => event(contract, entry, records)),
    refusals(of("error")),
  ].join("");
  return `package xyz.openledger.chainanchor.evm;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/** {@code ${contract}}, as contracts/wrappers.js reads its committed ABI. Written by the build. */
public final class ${contract}Abi {
${body}${[...records.values()].join("")}
  private ${contract}Abi() {}
}
`;
}

/** What is only ever answered, such as the bytes1 of an EIP-712 domain, has no encoder. */
function isEncodable(entry) {
  return [...entry.inputs, ...entry.outputs].every((parameter) => !/^bytes1$/.test(parameter.type));
}

/** A constant per function; those that share a name are told apart by how much they take. */
function selectors(contract, functions) {
  const constants = new Map();
  for (const entry of functions) {
    const plain = constant(entry.name);
    const shared = functions.filter((other) => constant(other.name) === plain).length > 1;
    const name = shared ? `${plain}_${entry.inputs.length}` : plain;
    if ([...constants.values()].includes(name)) fail(`${contract}: two functions would be ${name}.`);
    constants.set(entry, name);
  }
  return constants;
}

function creation(inputs, records) {
  return `  /** Creates one. */
  static Creation create(${parameters(inputs, records)}) {
    return new Creation(CONTRACT, Call.arguments()${encoded(inputs, records)});
  }
`;
}

function method({ name, inputs, outputs, stateMutability }, selector, records) {
  const call = `Call.of(${selector})${encoded(inputs, records)}`;
  const reads = ["view", "pure"].includes(stateMutability) && outputs.length > 0;
  const answer = reads && answered(name, outputs, records);
  const result = reads
    ? `Query<${boxed(answer.java)}> ${identifier(name)}(${parameters(inputs, records)}) {
    return new Query<>(${call}, answer -> ${answer.read("answer", 0)});`
    : `Call ${identifier(name)}(${parameters(inputs, records)}) {
    return ${call};`;
  return `
  /** {@code ${declaration(name, inputs)}}. */
  static ${result}
  }
`;
}

/** One value as it is; several as a record of the function's name. */
function answered(name, outputs, records) {
  if (outputs.length === 1) return kind(outputs[0], records);
  const tuple = { type: "tuple", internalType: `struct ${capital(name)}`, components: outputs };
  const of = kind(tuple, records);
  // The outputs are the tuple's parts themselves, wherever the parts may lie.
  return { ...of, read: (data, word) => `${of.java}.of(${data}, ${word})` };
}

function event(contract, { name, inputs, anonymous }, records) {
  if (anonymous) return "";
  if (records.has(name)) fail(`${contract}: the event ${name} has the name of a struct.`);
  let topic = 1;
  let word = 0;
  const reads = inputs.map((input) => {
    const of = kind(input, records);
    if (input.indexed) return of.dynamic ? fail(`${name}: an indexed ${input.type}`) : of.read(`log.topic(${topic++})`, 0);
    const read = of.read("data", word);
    word += of.dynamic ? 1 : of.words;
    return read;
  });
  return `
  /** {@code ${declaration(name, inputs)}}. */
  record ${name}(${parameters(inputs, records)}) {
    static final String TOPIC = Words.topic("${signature(name, inputs)}");

    static ${name} of(ChainClient.Log log) {${word > 0 ? "\n      AbiData data = AbiData.of(log.data());" : ""}
      return new ${name}(${reads.join(", ")});
    }
  }
`;
}

function refusals(errors) {
  const names = errors.map(({ name, inputs }) => `    ${constant(name)}("${signature(name, inputs)}")`);
  return names.length === 0 ? "" : `
  /** What it refuses with. */
  public enum Refusal {
${names.join(",\n")};

    private final Selector selector;

    Refusal(String signature) {
      this.selector = Selector.of(signature);
    }

    /** Which of these a chain's message names; empty if none of them. */
    public static Optional<Refusal> in(String message) {
      return List.of(values()).stream().filter(each -> each.selector.isNamedIn(message)).findFirst();
    }
  }
`;
}

/**
 * How values of a type are held, encoded and read.
 *
 * words: how many 32-byte words it takes where it stands; dynamic: whether that is one word that says where it is.
 */
function kind(parameter, records) {
  const { type, components } = parameter;
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) return arrayOf({ ...parameter, type: array[1] }, array[2], records);
  const plain = (java, add, read) => ({
    java,
    add: (value) => `.${add}(${value})`,
    read: (data, word) => `${data}.${read}(${word})`,
    words: 1,
    dynamic: ["bytes", "string"].includes(type),
  });
  const uint = /^uint(\d+)$/.exec(type);
  if (uint) return uint[1] <= 64 ? plain("long", "uint", "number") : plain("BigInteger", "uint", "uint");
  switch (type) {
    case "address": return plain("Address", "address", "address");
    case "bool": return plain("boolean", "bool", "bool");
    case "bytes32": return plain("Digest", "bytes32", "digest");
    case "bytes16": return plain("byte[]", "bytes16", "bytes16");
    case "bytes4": return plain("Selector", "selector", "selector");
    case "bytes": return plain("byte[]", "bytes", "bytes");
    case "string": return plain("String", "text", "text");
    case "tuple": return tuple(parameter.internalType, components, records);
    default: return fail(`There is no Java for the ABI's type ${type}.`);
  }
}

function arrayOf(element, length, records) {
  const of = kind({ ...element, internalType: element.internalType?.replace(/\[\d*\]$/, "") }, records);
  const java = `List<${boxed(of.java)}>`;
  if (length !== "") {
    if (of.java !== "BigInteger") fail(`There is no Java for ${element.type}[${length}].`);
    return {
      java,
      add: (value) => `.words(${length}, ${value})`,
      read: (data, word) => `${data}.words(${word}, ${length})`,
      words: Number(length),
      dynamic: false,
    };
  }
  return {
    java,
    add: element.components
      ? (value) => `.structs(${of.dynamic}, ${value}.stream().map(${of.java}::arguments).toList())`
      : (value) => `.${arrayAdds[of.java] ?? fail(`Call has no ${element.type}[].`)}(${value})`,
    read: (data, word) =>
      `${data}.list(${word}, ${of.dynamic ? 1 : of.words}, (each, at) -> ${of.read("each", "at")})`,
    words: 1,
    dynamic: true,
  };
}

/** A struct is a record of its name, whichever contract or file declares it. */
function tuple(internalType, components, records) {
  const name = internalType.replace(/^struct /, "").split(".").pop();
  const parts = components.map((component) => kind(component, records));
  const dynamic = parts.some((part) => part.dynamic);
  if (!records.has(name)) records.set(name, record(name, components, parts, records));
  return {
    java: name,
    add: (value) => `.struct(${dynamic}, ${value}.arguments())`,
    read: (data, word) => (dynamic ? `${name}.of(${data}.at(${word}), 0)` : `${name}.of(${data}, ${word})`),
    words: parts.reduce((sum, part) => sum + (part.dynamic ? 1 : part.words), 0),
    dynamic,
  };
}

function record(name, components, parts, records) {
  let word = 0;
  const reads = parts.map((part) => {
    const read = part.read("data", word === 0 ? "word" : `word + ${word}`);
    word += part.dynamic ? 1 : part.words;
    return read;
  });
  return `
  record ${name}(${parameters(components, records)}) {
    Call arguments() {
      return Call.arguments()${encoded(components, records)};
    }

    static ${name} of(AbiData data, int word) {
      return new ${name}(${reads.join(", ")});
    }
  }
`;
}

function parameters(inputs, records) {
  return inputs.map((input, i) => `${kind(input, records).java} ${parameterName(input, i)}`).join(", ");
}

function encoded(inputs, records) {
  return inputs.map((input, i) => kind(input, records).add(parameterName(input, i))).join("");
}

function parameterName({ name }, i) {
  return name === "" ? `value${i}` : identifier(name.replace(/^_+|_+$/g, ""));
}

/** What Java keeps for itself gets an underscore. */
function identifier(name) {
  const kept = ["assert", "case", "catch", "class", "default", "final", "goto", "import", "int", "interface", "long",
    "native", "new", "package", "private", "protected", "public", "short", "static", "super", "switch", "this", "throw", "void"];
  return kept.includes(name) ? `${name}_` : name;
}

function declaration(name, inputs) {
  return `${name}(${inputs.map((input) => `${canonical(input)} ${input.name}`.trim()).join(", ")})`;
}

function signature(name, inputs) {
  return `${name}(${inputs.map(canonical).join(",")})`;
}

function canonical({ type, components }) {
  return components ? type.replace(/^tuple/, `(${components.map(canonical).join(",")})`) : type;
}

function constant(name) {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z])([A-Z][a-z])/g, "$1_$2").toUpperCase();
}

function capital(name) {
  return name[0].toUpperCase() + name.slice(1);
}

function boxed(java) {
  return { long: "Long", boolean: "Boolean" }[java] ?? java;
}
