// The contract on a development chain: what it accepts, what it refuses, what that costs.
import { encode } from "@metamask/abi-utils";
import { keccak256 } from "ethereum-cryptography/keccak.js";
import { onChain, selector } from "../contracts/chain.js";
import { encodeKey, prove, word } from "./prove.js";
import { key } from "./keys.js";
import { FIELD } from "./poseidon.js";
import { draws } from "./sample.js";

const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const PROOF = "(uint256[2],uint256[4],uint256[2])";
const GAS_MAX = 250_000;
const CALL_GAS = "0x7a120"; // 500,000

/** @returns one sentence with what was measured. */
export async function contractTests(check, mutations) {
  const draw = draws("contract");
  const model = draw.model();
  return onChain(async (chain) => {
    const [owner, stranger] = await chain.accounts();
    const deployed = await chain.deploy(owner, "ModelProofs", bytes("registration"), bytes("inference"), true);
    const at = deployed.contractAddress;
    check(deployed.logs.some(({ topics }) => topics[0] === topic("InsecureCeremony(bytes32,bytes32)")), "the chain says that the ceremony is insecure");

    const registration = await prove("registration", { model, owner });
    const inference = await prove("inference", { model, x: draw.input(), inputSalt: draw.secret(), job: "0x1234" });
    const verify = (signals, proof, gas = CALL_GAS) => chain.rpc("eth_call", { to: at, data: calldata("verify", signals, proof), gas }, "latest").then((answer) => BigInt(answer) === 1n);
    const send = (from, name, signals, proof) => transact(chain, from, at, calldata(name, signals, proof));
    const { signals, proof } = inference;

    check(!(await verify(signals, proof)), "a model that is not registered is not believed");
    check((await send(stranger, "register", registration.signals.slice(0, 1), registration.proof)).status === "0x0", "a registration is bound to its owner");
    const registered = await send(owner, "register", registration.signals.slice(0, 1), registration.proof);
    check(registered.status === "0x1", "the owner registers the model");
    check((await send(owner, "register", registration.signals.slice(0, 1), registration.proof)).status === "0x0", "a model is registered once");
    check(await verify(signals, proof), "an honest proof is accepted");

    const verified = await transact(chain, owner, at, calldata("verify", signals, proof));
    const gas = Number(verified.gasUsed);
    check(gas <= GAS_MAX, `verify takes ${gas} gas, more than ${GAS_MAX}`);
    const estimate = await chain.rpc("eth_estimateGas", { from: owner, to: at, data: calldata("verify", signals, proof) });
    check(await verify(signals, proof, estimate), "the estimated gas is enough for the right answer");
    let short = "refused";
    for (const limit of [40_000, 60_000, 150_000, 200_000]) {
      try {
        if (!(await verify(signals, proof, "0x" + limit.toString(16)))) short = `false with ${limit} gas`;
      } catch {
        // Refused, as it should be: too little gas is no answer.
      }
    }
    check(short === "refused", `too little gas answers ${short}`);

    let refused = 0;
    for (let i = 0; i < mutations; i++) {
      const [changedSignals, changedProof] = mutate(draw, i, signals, proof);
      if (!(await verify(changedSignals, changedProof))) refused++;
    }
    check(refused === mutations, `${refused} of ${mutations} mutations are refused`);

    const again = rerandomised(proof);
    check(again !== proof && (await verify(signals, again)), "a proof made over by anybody is accepted as what it is");
    const recorded = await send(owner, "record", signals, proof);
    check(recorded.status === "0x1", "an inference is recorded");
    check((await send(stranger, "record", signals, again)).status === "0x0", "and the proof made over does not count twice");
    const alias = [...signals.slice(0, 3), word(BigInt(signals[3]) + FIELD)];
    check((await send(owner, "record", alias, proof)).status === "0x0", "nor does the same job by another number");
    return (
      `zk: ${refused} of ${mutations} mutations refused; gas: deploy ${Number(deployed.gasUsed)}, register ` +
      `${Number(registered.gasUsed)}, verify ${gas} (${calldata("verify", signals, proof).length / 2 - 1} bytes), record ${Number(recorded.gasUsed)}`
    );
  });
}

/** A change of one bit, of the order, or of what a number is called. */
function mutate(draw, turn, signals, proof) {
  const changed = [...signals];
  const flipped = () => {
    const bytes = Buffer.from(proof.slice(2), "hex");
    bytes[draw.below(bytes.length)] ^= 1 << draw.below(8);
    return "0x" + bytes.toString("hex");
  };
  const which = draw.below(4);
  switch (turn % 6) {
    case 0:
      changed[which] = word(BigInt(changed[which]) ^ (1n << BigInt(draw.below(253))));
      return [changed, proof];
    case 1:
      changed[which] = word(BigInt(changed[which]) + FIELD);
      return [changed, proof];
    case 2: {
      const other = (which + 1 + draw.below(3)) % 4;
      [changed[which], changed[other]] = [changed[other], changed[which]];
      return [changed, proof];
    }
    case 3: {
      const words = proof.slice(2).match(/.{64}/g);
      const at = draw.below(8);
      words[at] = word(draw.below(2) ? 0n : BigInt("0x" + words[at]) + BASE_FIELD).slice(2, 66);
      return [signals, "0x" + words.join("")];
    }
    default:
      return [signals, flipped()];
  }
}

/** Another proof of the same statement, by who knows nothing: both A and B negated. */
function rerandomised(proof) {
  const words = proof.slice(2).match(/.{64}/g).map((hex) => BigInt("0x" + hex));
  for (const y of [1, 4, 5]) words[y] = (BASE_FIELD - words[y]) % BASE_FIELD;
  return "0x" + words.map((value) => word(value).slice(2)).join("");
}

function calldata(name, signals, proof) {
  const types = [...signals.map(() => "uint256"), "uint256[2]", "uint256[4]", "uint256[2]"];
  const words = proof.slice(2).match(/.{64}/g).map((hex) => BigInt("0x" + hex));
  const data = encode(types, [...signals.map(BigInt), words.slice(0, 2), words.slice(2, 6), words.slice(6)]);
  return "0x" + selector(`${name}(${signals.map(() => "uint256").join()},${PROOF})`) + Buffer.from(data).toString("hex");
}

async function transact(chain, from, to, data) {
  const hash = await chain.rpc("eth_sendTransaction", { from, to, data, gas: "0x100000" });
  for (let attempt = 0; attempt < 1000; attempt++) {
    const receipt = await chain.rpc("eth_getTransactionReceipt", hash);
    if (receipt) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`transaction ${hash} was not mined within 5 seconds`);
}

function bytes(circuit) {
  return Buffer.from(encodeKey(key(circuit)).slice(2), "hex");
}

function topic(signature) {
  return "0x" + Buffer.from(keccak256(Buffer.from(signature))).toString("hex");
}
