// Asks for chat completions through the npm client of OpenAI, as its maker publishes it: a body a line on standard input, an answer a line on
// standard output, in the same order.
//
//   OPENAI_BASE_URL=http://127.0.0.1:7400/v1 OPENAI_API_KEY=$(cat .openledger/keys/development-token) node examples/openai/ask.mjs < questions.jsonl
//
// The one argument is how many are asked at once; 16 if it is left out.
import { readFileSync } from 'node:fs';

const { default: OpenAI } = await import('../../chain-anchor/node_modules/openai/index.mjs');
const atOnce = Number(process.argv[2] ?? 16);
const client = new OpenAI({ timeout: 180_000 });

const bodies = readFileSync(0, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
const answers = new Array(bodies.length);
let next = 0;

async function askOneAfterAnother() {
  while (next < bodies.length) {
    const mine = next++;
    answers[mine] = await client.chat.completions.create(bodies[mine]);
  }
}

await Promise.all(Array.from({ length: Math.min(atOnce, bodies.length) }, askOneAfterAnother));
for (const answer of answers) console.log(JSON.stringify(answer));
