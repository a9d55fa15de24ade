package xyz.openledger.cluster.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.blob.Held;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.openai.BatchLine;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * Asks the questions of batches whose files lie here, some at a time. It keeps nothing: a batch is
 * in the journal until it ends, and its jobs have keys that follow from it. Whoever goes on with it
 * after a crash, here or at another member that has the file, asks again and finds the jobs there
 * are.
 */
final class BatchRunner implements AutoCloseable {
  /** Questions of one batch that are under way at once. */
  static final int AT_ONCE_MAX = 16;

  /** Batches that are under way here at once; the others wait for their turn. */
  static final int BATCHES_MAX = 16;

  /** Questions of all batches that are under way here at once; each waits for its job. */
  static final int PLACES_MAX = 64;

  /** Batches of one tenant that are under way here at once: they cannot take all places. */
  static final int BATCHES_OF_ONE_MAX = 3;

  /**
   * Bytes of the files of all batches that are under way here at once. Their lines are held in
   * memory, as up to twice that; their answers wait on the disk.
   */
  static final long QUESTIONS_BYTES_MAX = 32L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Every ten minutes. */
  private static final long LOOKS_PER_SWEEP = Duration.ofMinutes(10).dividedBy(LOOK);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  /** A batch may take so long; the window of the API, twice, since nobody cuts it off. */
  private static final long WINDOW_MILLIS = Duration.ofDays(2).toMillis();

  /** So long after that, or after its owner wanted no more of it, it is given up without a file. */
  private static final long ORPHAN_MILLIS = Duration.ofMinutes(10).toMillis();

  private static final int TRIES_MAX = 30;
  private static final int TRIES_MILLIS = 1_000;

  /** What answers a body at one endpoint. */
  @FunctionalInterface
  interface Endpoint {
    CompletionStage<ObjectNode> answer(
        TenantId tenant, JsonNode body, String key, long createdSeconds);
  }

  /** How far a batch has come here. */
  record Counts(int total, int answered, int failed) {}

  private static final class Going {
    final TenantId tenant;

    /** Of its questions, which are held in memory. */
    final long bytes;

    final AtomicInteger answered = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final Set<JobId> jobs = ConcurrentHashMap.newKeySet();
    volatile int total;
    volatile boolean unwanted;
    volatile boolean full;
    volatile @Nullable RuntimeException broken;

    Going(TenantId tenant, long bytes) {
      this.tenant = tenant;
      this.bytes = bytes;
    }
  }

  private final FilesApi files;
  private final BlobStore blobs;
  private final FileContents contents;
  private final Answering answering;
  private final Map<String, Endpoint> endpoints;
  private final Map<String, Going> going = new ConcurrentHashMap<>();

  /** Each batch waits for one at a time, and whoever has waited longest is next. */
  private final Semaphore places = new Semaphore(PLACES_MAX, true);

  /** Held by those who write answers down; who closes waits for them. */
  private final ReadWriteLock keeping = new ReentrantReadWriteLock();

  private volatile boolean closed;

  /**
   * Does not begin yet.
   *
   * @param answering with as many waits as {@link #PLACES_MAX}, of its own: those who wait at the
   *     HTTP port are not to be refused because of batches
   */
  BatchRunner(
      FilesApi files,
      BlobStore blobs,
      FileContents contents,
      Answering answering,
      Embedding embedding) {
    this.files = files;
    this.contents = contents;
    this.blobs = blobs;
    this.answering = answering;
    this.endpoints =
        Map.of(
            "/v1/chat/completions",
            (tenant, body, key, created) -> answering.answer(tenant, body, key, true, created),
            "/v1/completions",
            (tenant, body, key, created) -> answering.answer(tenant, body, key, false, created),
            "/v1/embeddings",
            (tenant, body, key, _) ->
                embedding.answer(
                    Requester.onBehalfOf(tenant),
                    body,
                    key,
                    null,
                    job -> answering.answered(tenant, job)));
  }

  /** The endpoints that a batch may ask. */
  List<String> endpoints() {
    return endpoints.keySet().stream().sorted().toList();
  }

  /** How far a batch has come, if it is asked here. */
  @Nullable Counts counts(String batch) {
    Going known = going.get(batch);
    return known == null ? null : new Counts(known.total, known.answered.get(), known.failed.get());
  }

  /** Begins to look for batches. */
  void start() {
    Thread.ofVirtual().name("batches").start(this::look);
  }

  private void look() {
    for (long looks = 0; !closed; looks++) {
      try {
        if (looks % LOOKS_PER_SWEEP == 0) {
          // What another member deleted, or this one before it stopped.
          contents.sweep();
        }
        boolean room = true;
        for (StoredBatch batch : files.going().toCompletableFuture().join()) {
          room &= look(batch, room);
        }
      } catch (RuntimeException notNow) {
        LOG.debug("batches: {}", notNow.toString());
      }
      pause(LOOK.toMillis());
    }
  }

  /**
   * Looks at a batch; begins it if it is next, and the questions before it left it room.
   *
   * @return whether those after it may begin: a small one does not overtake a large one for ever
   */
  private boolean look(StoredBatch batch, boolean room) {
    Going known = going.get(batch.id());
    if (known != null) {
      known.unwanted |= batch.isUnwanted();
      if (known.unwanted || known.full) {
        // Each time: a line may have been on its way when the last ones were stopped.
        known.jobs.forEach(answering::forget);
      }
    } else if (blobs.isHere(batch.content())) {
      if (!isNext(batch.tenant())) {
        return true;
      }
      long bytes = blobs.length(batch.content());
      boolean fits = room && fits(going.values().stream().mapToLong(one -> one.bytes).sum(), bytes);
      if (fits) {
        begin(batch, bytes);
      }
      return fits;
    } else {
      long nowMillis = System.currentTimeMillis();
      orphaned(batch, nowMillis)
          .map(problem -> new StoredBatch.End(0, 0, null, null, problem, nowMillis))
          .ifPresent(end -> files.end(batch.id(), end).toCompletableFuture().join());
    }
    return true;
  }

  /** Whether questions of so many bytes may begin beside those that are held; alone, any may. */
  static boolean fits(long heldBytes, long bytes) {
    return heldBytes == 0 || heldBytes + bytes <= QUESTIONS_BYTES_MAX;
  }

  /**
   * Why a batch is ended whose file is not here: whoever has it would have ended it by now, so that
   * its member is gone, or its file. Else it would take its tenant's place for ever.
   */
  static Optional<String> orphaned(StoredBatch batch, long nowMillis) {
    boolean late = nowMillis - batch.atMillis() > WINDOW_MILLIS + ORPHAN_MILLIS;
    boolean left = batch.isUnwanted() && nowMillis - batch.cancelledAtMillis() > ORPHAN_MILLIS;
    return late || left
        ? Optional.of(
            "no member that is up has the file %s; upload it again and begin a new batch"
                .formatted(batch.input()))
        : Optional.empty();
  }

  private boolean isNext(TenantId tenant) {
    long ofTenant = going.values().stream().filter(one -> one.tenant.equals(tenant)).count();
    return going.size() < BATCHES_MAX && ofTenant < BATCHES_OF_ONE_MAX;
  }

  private void begin(StoredBatch batch, long bytes) {
    var begun = new Going(batch.tenant(), bytes);
    begun.unwanted = batch.isUnwanted();
    going.put(batch.id(), begun);
    Thread.ofVirtual().name(batch.id()).start(() -> run(batch, begun));
  }

  private void run(StoredBatch batch, Going now) {
    try {
      StoredBatch.End end = ask(batch, now);
      if (!closed) {
        files.end(batch.id(), end).toCompletableFuture().join();
        // Its file may be deleted already.
        contents.sweep(batch.tenant()).toCompletableFuture().join();
      }
    } catch (RuntimeException failed) {
      // It is looked at again: nothing of it is lost.
      LOG.warn("{} is taken up again: {}", batch.id(), failed.toString());
      pause(closed ? 0 : AFTER_FAILURE.toMillis());
    } finally {
      going.remove(batch.id());
    }
  }

  private StoredBatch.End ask(StoredBatch batch, Going now) {
    List<BatchLine> lines;
    try {
      lines = BatchLine.read(blobs.content(batch.content()).orElseThrow(), batch.endpoint());
    } catch (OpenAiRefusal refused) {
      return new StoredBatch.End(
          0, 0, null, null, String.valueOf(refused.getMessage()), System.currentTimeMillis());
    }
    now.total = lines.size();
    try (var answers = new LinesFile(blobs.scratch(), lines.size(), blobs.blobBytesMax());
        var errors = new LinesFile(blobs.scratch(), lines.size(), blobs.blobBytesMax())) {
      return ask(batch, now, lines, answers, errors);
    }
  }

  private StoredBatch.End ask(
      StoredBatch batch, Going now, List<BatchLine> lines, LinesFile answers, LinesFile errors) {
    var room = new Semaphore(AT_ONCE_MAX);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < lines.size() && !closed && !now.full && now.broken == null; i++) {
        int index = i;
        room.acquireUninterruptibly();
        places.acquireUninterruptibly();
        threads.execute(
            () -> {
              try {
                ask(batch, now, index, lines.get(index), answers, errors);
              } catch (RuntimeException broken) {
                now.broken = broken;
              } finally {
                places.release();
                room.release();
              }
            });
      }
    }
    if (now.broken != null) {
      // What is not written down is asked again: its jobs are there.
      throw now.broken;
    }
    keeping.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the member stops");
      }
      return kept(batch, now, answers, errors);
    } finally {
      keeping.readLock().unlock();
    }
  }

  private void ask(
      StoredBatch batch,
      Going now,
      int index,
      BatchLine line,
      LinesFile answers,
      LinesFile errors) {
    String key = batch.id() + "-" + index;
    JobId job = JobId.of(batch.tenant(), key);
    now.jobs.add(job);
    String answer;
    try {
      if (now.unwanted && !isTaken(job)) {
        collect(now, errors, index, line.result(key, 0, null));
        return;
      }
      answer = line.result(key, 200, patiently(batch, now, key, line));
    } catch (RuntimeException failed) {
      OpenAiRefusal refusal = OpenAiRefusals.of(failed);
      now.failed.incrementAndGet();
      collect(now, errors, index, line.result(key, refusal.status(), refusal.body()));
      return;
    } finally {
      now.jobs.remove(job);
    }
    // A disk that fails here is no refusal of the line: it is asked again.
    now.answered.incrementAndGet();
    collect(now, answers, index, answer);
  }

  /**
   * Whether a line of a batch that nobody wants any more was asked before, perhaps by who is gone
   * since: then it has an answer, or ends as cancelled.
   */
  private boolean isTaken(JobId job) {
    for (int tries = 1; ; tries++) {
      try {
        boolean taken = answering.isTaken(job).toCompletableFuture().join();
        if (taken) {
          answering.forget(job);
        }
        return taken;
      } catch (CompletionException failed) {
        if (tries == TRIES_MAX || closed || OpenAiRefusals.of(failed).status() != 503) {
          throw failed;
        }
        pause(TRIES_MILLIS);
      }
    }
  }

  /** What nobody will ever read is not asked: a file too full stops its batch. */
  private void collect(Going now, LinesFile lines, int index, String line) {
    if (!lines.set(index, line)) {
      now.full = true;
      now.jobs.forEach(answering::forget);
    }
  }

  /** A network that is full just now is asked again; one that refuses is believed. */
  private ObjectNode patiently(StoredBatch batch, Going now, String key, BatchLine line) {
    for (int tries = 1; ; tries++) {
      try {
        Endpoint endpoint = endpoints.get(batch.endpoint());
        if (endpoint == null) {
          throw OpenAiRefusal.of("endpoint", "is not one of " + String.join(", ", endpoints()));
        }
        return endpoint
            .answer(batch.tenant(), line.body(), key, batch.atMillis() / 1_000)
            .toCompletableFuture()
            .join();
      } catch (OpenAiRefusal | CompletionException failed) {
        OpenAiRefusal refusal = OpenAiRefusals.of(failed);
        boolean passes =
            (refusal.status() == 429 || refusal.status() == 503)
                && !String.valueOf(refusal.body().at("/error/code").asText())
                    .equals("insufficient_quota");
        if (!passes
            || (tries >= TRIES_MAX && !isTaken(refusal))
            || now.unwanted
            || now.full
            || closed) {
          throw refusal;
        }
        pause(TRIES_MILLIS);
      }
    }
  }

  /** Whether there is a job, and only the wait for it was refused. */
  private static boolean isTaken(OpenAiRefusal refusal) {
    return refusal.body().at("/error/param").asText().equals("wait");
  }

  /** Keeps the files. What can never be kept ends the batch, rather than being tried for ever. */
  private StoredBatch.End kept(StoredBatch batch, Going now, LinesFile answers, LinesFile errors) {
    String output = null;
    String failures = null;
    String problem =
        now.full
            ? "its answers are longer than the %d bytes of a file".formatted(blobs.blobBytesMax())
            : "";
    if (problem.isEmpty()) {
      try {
        output = kept(batch, "output", answers);
        failures = kept(batch, "error", errors);
      } catch (ProblemException | CompletionException refused) {
        problem = "its answers cannot be kept: " + tooLarge(refused);
      }
    }
    return new StoredBatch.End(
        now.answered.get(),
        now.failed.get(),
        output,
        failures,
        problem,
        System.currentTimeMillis());
  }

  private static String tooLarge(RuntimeException refused) {
    Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
    if (cause instanceof ProblemException problem && problem.problem() == Problem.TOO_LARGE) {
      return problem.detail();
    }
    throw refused;
  }

  /** Keeps lines as a file of the batch's owner; null if there are none. */
  private @Nullable String kept(StoredBatch batch, String kind, LinesFile lines) {
    if (lines.isEmpty()) {
      return null;
    }
    Held content = blobs.holdFile(lines.inOrder(), batch.tenant());
    var file =
        new StoredFile(
            OpenAiFiles.id("file-", batch.id() + "/" + kind),
            batch.tenant(),
            batch.id() + "_" + kind + ".jsonl",
            "batch_output",
            content.digest(),
            content.blob().bytes(),
            System.currentTimeMillis());
    try {
      return files.keep(file).toCompletableFuture().join().id();
    } finally {
      content.leave();
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Begins nothing more; answers that are being written down are written first, within a bound. */
  @Override
  public void close() {
    closed = true;
    try {
      if (keeping.writeLock().tryLock(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        keeping.writeLock().unlock();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
