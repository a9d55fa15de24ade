// A dev chain of our own for a few seconds, and the calls that gas.js makes of it.
import { encode } from "@metamask/abi-utils";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { keccak256 } from "ethereum-cryptography/keccak.js";
import { readArtifact, root } from "./sources.js";

export const anvil = process.env.ANVIL ?? join(root, "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");

/** Runs `story` against a fresh chain, whose accounts need no keys, and stops it. */
export async function onChain(story) {
  // Port 0: the system chooses, and anvil says which.
  const node = spawn(anvil, ["--host", "127.0.0.1", "--port", "0", "--chain-id", "901"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Whoever ends the program with fail() comes not by the finally.
  process.once("exit", () => node.kill());
  try {
    return await story(new Chain(await listening(node)));
  } finally {
    node.kill();
  }
}

function listening(node) {
  return new Promise((resolve, reject) => {
    let said = "";
    node.on("error", reject);
    node.on("exit", (status) => reject(new Error(`anvil ended with status ${status}: ${said}`)));
    node.stdout.on("data", (data) => {
      said += data;
      const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
  });
}

class Chain {
  #url;

  constructor(url) {
    this.#url = url;
  }

  async rpc(method, ...params) {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  accounts() {
    return this.rpc("eth_accounts");
  }

  /** @returns the receipt of a deployment; its contractAddress is the contract. */
  deploy(from, contract, ...values) {
    const { abi, bytecode } = readArtifact(contract);
    const inputs = abi.find(({ type }) => type === "constructor")?.inputs ?? [];
    return this.#send({ from, data: bytecode + encoded(inputs.map(typeName), values) });
  }

  /** Sends `signature(values)`, such as `anchor(uint64,uint64,bytes32)`. @returns the receipt; status 0x0 if refused. */
  call(from, to, signature, ...values) {
    const types = /\((.*)\)/.exec(signature)[1].split(",").filter((type) => type !== "");
    return this.#send({ from, to, data: "0x" + selector(signature) + encoded(types, values) });
  }

  /** Sends data that is encoded already, and coin along. */
  send(from, to, data, value = 0n) {
    return this.#send({ from, to, data, value: "0x" + value.toString(16) });
  }

  async #send(transaction) {
    // A limit of our own: a refused call must be mined too, and not fail in the estimate.
    const hash = await this.rpc("eth_sendTransaction", { ...transaction, gas: "0x1000000" });
    for (let attempt = 0; attempt < 1000; attempt++) {
      const receipt = await this.rpc("eth_getTransactionReceipt", hash);
      if (receipt) return receipt;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`transaction ${hash} was not mined within 5 seconds`);
  }
}

export function selector(signature) {
  return Buffer.from(keccak256(Buffer.from(signature))).toString("hex").slice(0, 8);
}

/** A struct's type is that of the tuple of its fields. */
function typeName({ type, components }) {
  return type.replace(/^tuple/, () => `(${components.map(typeName).join(",")})`);
}

/** @returns the ABI encoding of values, in hex. */
export function encoded(types, values) {
  return Buffer.from(encode(types, values)).toString("hex");
}
