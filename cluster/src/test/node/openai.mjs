// The unmodified npm client of OpenAI against a member. Arguments: base URL, API key, folder of node_modules.
// Prints one line a check that held; the first that does not ends it.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [url, apiKey, modules] = process.argv.slice(2);
const { default: OpenAI, toFile, NotFoundError, AuthenticationError, BadRequestError } = await import(
  pathToFileURL(path.join(modules, 'openai', 'index.mjs')).href
);
const client = new OpenAI({ baseURL: url + '/v1', apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: 'What is a pool?' }];
const TEXT = 'Machines that work together.';

async function check(name, test) {
  await test();
  console.log('held: ' + name);
}

await check('models are listed page by page', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('tiny') && ids.includes('tiny:pirate'), String(ids));
});

await check('a model is shown, with its manifest', async () => {
  const model = await client.models.retrieve('tiny');
  assert.equal(model.object, 'model');
  assert.match(model.openledger.manifest, /^sha256:/);
});

await check('a conversation is answered, with the job that did it', async () => {
  const { data, response } = await client.chat.completions
    .create({ model: 'tiny:pirate@most-reliable', messages, max_tokens: 20, seed: 7 })
    .withResponse();
  assert.equal(data.choices[0].message.content, TEXT);
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
  assert.equal(data.openledger.job, response.headers.get('x-openledger-job'));
});

await check('a policy rides in the body of an unchanged client', async () => {
  const answer = await client.chat.completions.create({
    model: 'tiny', messages, openledger: { policy: 'lowest-latency' },
  });
  assert.equal(answer.choices.length, 1);
});

await check('a stream is put together again, and ends with its usage', async () => {
  let text = '';
  let usage;
  let reasons = 0;
  const stream = await client.chat.completions.create({
    model: 'tiny', messages, stream: true, stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    if (chunk.choices[0]?.finish_reason) reasons++;
    if (chunk.usage) usage = chunk.usage;
  }
  assert.equal(text, TEXT);
  assert.equal(reasons, 1);
  assert.ok(usage.total_tokens > 0);
});

await check('the stream helper ends with the whole message', async () => {
  const runner = client.chat.completions.stream({ model: 'tiny', messages });
  assert.equal(await runner.finalContent(), TEXT);
});

await check('a prompt is gone on from', async () => {
  const answer = await client.completions.create({ model: 'tiny', prompt: 'A pool is' });
  assert.equal(answer.choices[0].text, TEXT);
});

await check('an unknown model is a typed error', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'gpt-9', messages }), (error) => {
    assert.ok(error instanceof NotFoundError);
    assert.equal(error.code, 'model_not_found');
    return true;
  });
});

await check('tools are refused by name and not passed over', async () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
  await assert.rejects(
    client.chat.completions.create({ model: 'tiny', messages, tools }),
    (error) => error instanceof BadRequestError && error.param === 'tools',
  );
});

await check('a wrong key is a typed error', async () => {
  const stranger = new OpenAI({ baseURL: url + '/v1', apiKey: 'olt1-nobody', maxRetries: 0 });
  await assert.rejects(stranger.models.list(), (error) => error instanceof AuthenticationError);
});

await check('embeddings come as the client asks for them by itself, and as numbers', async () => {
  const usual = await client.embeddings.create({ model: 'tiny', input: ['a', 'b'] });
  assert.equal(usual.data.length, 2);
  assert.ok(Math.abs(usual.data[0].embedding[0] - 0.6) < 1e-6, String(usual.data[0].embedding));
  const numbers = await client.embeddings.create({ model: 'tiny', input: 'a', encoding_format: 'float' });
  assert.ok(Math.abs(numbers.data[0].embedding[1] - 0.8) < 1e-6);
});

await check('a batch goes from a file to a file', async () => {
  const line = { custom_id: 'one', method: 'POST', url: '/v1/chat/completions', body: { model: 'tiny', messages } };
  const file = await client.files.create({
    file: await toFile(Buffer.from(JSON.stringify(line) + '\n'), 'questions.jsonl'), purpose: 'batch',
  });
  assert.equal(file.object, 'file');
  let batch = await client.batches.create({
    input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h',
  });
  while (batch.status === 'in_progress') {
    await new Promise((later) => setTimeout(later, 100));
    batch = await client.batches.retrieve(batch.id);
  }
  assert.equal(batch.status, 'completed');
  const output = await (await client.files.content(batch.output_file_id)).text();
  assert.equal(JSON.parse(output).response.body.choices[0].message.content, TEXT);
  const ids = [];
  for await (const one of client.files.list()) ids.push(one.id);
  assert.ok(ids.includes(file.id) && ids.includes(batch.output_file_id));
  assert.equal((await client.files.delete(file.id)).deleted, true);
});

await check('a training goes from a file to its events and checkpoints', async () => {
  const sample = { messages: [...messages, { role: 'assistant', content: TEXT }] };
  const file = await client.files.create({
    file: await toFile(Buffer.from(JSON.stringify(sample) + '\n'), 'samples.jsonl'), purpose: 'fine-tune',
  });
  const job = await client.fineTuning.jobs.create({
    model: 'tiny', training_file: file.id, validation_file: file.id, suffix: 'npm',
    method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 'auto' } } },
  });
  assert.equal(job.object, 'fine_tuning.job');
  assert.equal((await client.fineTuning.jobs.retrieve(job.id)).training_file, file.id);
  assert.equal(job.validation_file, file.id);
  const ids = [];
  for await (const one of client.fineTuning.jobs.list({ limit: 1 })) ids.push(one.id);
  assert.ok(ids.includes(job.id) && ids.length > 1, String(ids));
  const metrics = [];
  for await (const event of client.fineTuning.jobs.listEvents(job.id, { limit: 1 })) {
    if (event.type === 'metrics') metrics.push(event.data);
  }
  assert.ok(metrics.length > 1 && metrics.every((one) => one.step > 0 && one.train_loss > 0), JSON.stringify(metrics));
  assert.ok(metrics[0].full_valid_loss > 0 && !('valid_loss' in metrics[1]), JSON.stringify(metrics));
  const checkpoints = await client.fineTuning.jobs.checkpoints.list(job.id);
  assert.equal(checkpoints.data[0].metrics.full_valid_loss, metrics[0].full_valid_loss);
  assert.equal(checkpoints.data[0].fine_tuning_job_id, job.id);
  assert.equal((await client.fineTuning.jobs.cancel(job.id)).status, 'cancelled');
});
