package xyz.openledger.models.engine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.decoder.ActivationSink;
import xyz.openledger.models.decoder.Decoder;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.decoder.Rows;
import xyz.openledger.models.engine.InferenceResult.FinishReason;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Answers many requests at once, each with its own adapter or none, all with the bits that each
 * would have alone.
 *
 * <pre>
 *   submit ─▶ queue (bounded) ─▶ admitted, with room for its longest answer ─▶ steps ─▶ result
 *               └ refused with a time to come back
 * </pre>
 *
 * A thread of its own runs the steps; {@link BatchPlanner} says what each computes.
 */
public final class InferenceEngine implements AutoCloseable {
  private final Model model;
  private final @Nullable AdapterStore adapters;
  private final StrictKernels kernels;
  private final EngineSettings settings;
  private final Arena arena = Arena.ofShared();
  private final Decoder decoder;
  private final PagePool pages;
  private final Intake intake;
  private final @Nullable Prefetch prefetch;
  private final FairShare fairShare = new FairShare();

  private final Arrivals arrivals;
  private final LinkedHashMap<Long, Sequence> waiting = new LinkedHashMap<>();
  private final LinkedHashMap<Long, Sequence> running = new LinkedHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Semaphore work = new Semaphore(0);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile EngineFigures figures;
  private volatile double tokensPerSecond = 100;
  private long steps;
  private long computedTokens;
  private long chosenTokens;
  private int togetherMost;

  private InferenceEngine(
      Model model,
      @Nullable AdapterStore adapters,
      StrictKernels kernels,
      EngineSettings settings) {
    this.model = model;
    this.adapters = adapters;
    this.kernels = kernels;
    this.settings = settings;
    var cache = new KvCache(model.config(), settings.cachePages(), arena);
    this.pages = new PagePool(settings.cachePages());
    this.arrivals = new Arrivals(settings);
    this.intake = new Intake(model, adapters, kernels, settings.cachePages());
    this.decoder =
        new Decoder(
            model.weights(),
            kernels,
            cache,
            adapters == null ? arena.allocate(Long.BYTES) : adapters.memory(),
            settings.rowsPerStep(),
            settings.lanes(),
            arena);
    this.figures = figuresNow();
    this.prefetch = adapters == null ? null : new Prefetch(adapters);
  }

  /**
   * Starts an engine. The model and the store outlive it.
   *
   * @param adapters the model's, or none
   */
  public static InferenceEngine start(
      Model model,
      @Nullable AdapterStore adapters,
      StrictKernels kernels,
      EngineSettings settings) {
    var engine = new InferenceEngine(model, adapters, kernels, settings);
    Thread.ofPlatform().daemon().name("inference-engine").start(engine::run);
    return engine;
  }

  /** As {@link #submit(InferenceRequest, TokenListener)}, with nobody listening. */
  public Answer submit(InferenceRequest request) {
    return submit(request, TokenListener.NONE);
  }

  /**
   * Takes a request.
   *
   * @throws OverloadedException if too many wait already
   * @throws xyz.openledger.protocol.ProblemException if it can never be answered
   */
  public Answer submit(InferenceRequest request, TokenListener listener) {
    if (closing) {
      throw new IllegalStateException("the engine is closed");
    }
    arrivals.enter(request.tenant(), tokensPerSecond);
    Sequence sequence;
    try {
      sequence = intake.sequence(ids.incrementAndGet(), request, listener, work::release);
    } catch (RuntimeException refused) {
      arrivals.leave(request.tenant());
      throw refused;
    }
    arrivals.add(sequence);
    work.release();
    if (ended.getCount() == 0) {
      // It closed while we queued: nobody will come for what is left.
      arrivals.fail();
    }
    return sequence;
  }

  /** Whether it takes nothing more, because it was closed or because it broke. */
  public boolean isClosed() {
    return closing;
  }

  /** How the engine fares; at most a step old. */
  public EngineFigures figures() {
    return figures;
  }

  private void run() {
    Throwable broken = null;
    try {
      while (!closing) {
        if (!turn()) {
          // Who waits may also run out of time.
          if (work.tryAcquire(1, TimeUnit.SECONDS)) {
            work.drainPermits();
          }
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error wrong) {
      broken = wrong;
    } finally {
      closing = true;
      for (Sequence sequence :
          Stream.concat(waiting.values().stream(), running.values().stream()).toList()) {
        end(sequence, broken == null ? FinishReason.CANCELLED : FinishReason.FAILED, broken);
      }
      arrivals.fail();
      ended.countDown();
      // Once more, for those who came between the two lines above.
      arrivals.fail();
    }
  }

  /** One turn; whether there was anything to do. */
  private boolean turn() {
    for (Sequence one = arrivals.next(); one != null; one = arrivals.next()) {
      waiting.put(one.id(), one);
      fairShare.arrive(one.request.tenant());
    }
    endUnwanted();
    BatchPlanner.Situation situation = situation();
    BatchPlanner.Plan plan = BatchPlanner.plan(situation, settings);
    boolean admitted = admit(plan.admitted());
    wantAdapters(plan);
    boolean computed = !plan.rows().isEmpty();
    if (computed) {
      compute(plan.rows());
    }
    fairShare.keep(
        Stream.concat(waiting.values().stream(), running.values().stream())
            .map(one -> one.request.tenant())
            .collect(Collectors.toSet()));
    figures = figuresNow();
    return admitted || computed;
  }

  /** Those of who was to be let in and was not come first. */
  private void wantAdapters(BatchPlanner.Plan plan) {
    if (prefetch != null) {
      prefetch.want(
          Stream.concat(plan.admitted().stream(), plan.next().stream())
              .map(waiting::get)
              .filter(one -> one != null && one.adapterName != null)
              .map(one -> Objects.requireNonNull(one.adapterName))
              .distinct()
              .limit(AdapterStore.AHEAD_MAX)
              .toList());
    }
  }

  private void endUnwanted() {
    long now = System.nanoTime();
    for (Sequence one :
        Stream.concat(waiting.values().stream(), running.values().stream()).toList()) {
      if (one.cancelled()) {
        end(one, FinishReason.CANCELLED);
      } else if (one.deadlineNanos != Sequence.FOREVER && one.deadlineNanos - now <= 0) {
        end(one, FinishReason.DEADLINE);
      }
    }
  }

  private BatchPlanner.Situation situation() {
    List<BatchPlanner.Waiting> waits = new ArrayList<>();
    for (Sequence one : waiting.values()) {
      waits.add(
          new BatchPlanner.Waiting(
              one.id(), one.request.tenant(), one.pagesMax - pages.held(one.shareable())));
    }
    List<BatchPlanner.Running> runs = new ArrayList<>();
    for (Sequence one : running.values()) {
      runs.add(
          new BatchPlanner.Running(
              one.id(), one.request.tenant(), one.pending(), one.chosen() == 0));
    }
    return new BatchPlanner.Situation(waits, runs, pages.available(), fairShare.served());
  }

  /**
   * Lets requests in; whether there were any. Where one finds no room for its adapter, others with
   * adapters wait behind it, since they would keep it from ever having any.
   */
  private boolean admit(List<Long> ids) {
    boolean admitted = false;
    boolean held = false;
    for (long id : ids) {
      Sequence one = waiting.get(id);
      if (one == null || (held && one.adapterName != null)) {
        continue;
      }
      boolean waits = !admit(one) && waiting.containsKey(id);
      held |= waits;
      admitted |= !waits;
    }
    return admitted;
  }

  /** Gives a request its pages and its adapter; whether it is running now. */
  private boolean admit(Sequence one) {
    if (one.adapterName != null && !lease(one)) {
      return false;
    }
    one.share(pages.share(one.shareable()));
    while (one.pages.size() < one.pagesMax) {
      one.pages.add(pages.take());
    }
    waiting.remove(one.id());
    arrivals.leave(one.request.tenant());
    running.put(one.id(), one);
    return true;
  }

  private boolean lease(Sequence one) {
    try {
      one.lease =
          Objects.requireNonNull(adapters)
              .acquire(Objects.requireNonNull(one.adapterName))
              .orElse(null);
      if (one.lease == null && running.isEmpty()) {
        // Nothing that runs will ever make room.
        throw new ProblemException(
            Problem.UNAVAILABLE, "adapter", "pinned adapters leave no room for it");
      }
      return one.lease != null;
    } catch (IOException | RuntimeException unusable) {
      end(one, FinishReason.FAILED, unusable);
      return false;
    }
  }

  private void compute(Map<Long, Integer> counts) {
    long began = System.nanoTime();
    var sequences = new ArrayList<Sequence>();
    var batch = new ArrayList<Rows>();
    counts.forEach(
        (id, count) -> {
          Sequence one = running.get(id);
          if (one != null) {
            sequences.add(one);
            batch.add(one.rows(count));
          }
        });
    if (batch.isEmpty()) {
      return;
    }
    var last = new MemorySegment[1];
    ActivationSink states =
        sequences.stream().noneMatch(one -> one.listener.wantsState())
            ? null
            : (layer, _, values) -> last[0] = layer == model.config().layers() ? values : last[0];
    MemorySegment logits;
    try {
      logits = decoder.step(batch, states);
    } catch (RuntimeException wrong) {
      sequences.forEach(one -> end(one, FinishReason.FAILED, wrong));
      return;
    }
    int wanted = 0;
    int rows = 0;
    for (int i = 0; i < sequences.size(); i++) {
      Sequence one = sequences.get(i);
      int count = batch.get(i).tokens().length;
      one.computed(count);
      rows += count;
      fairShare.serve(one.request.tenant(), count);
      namePages(one);
      if (batch.get(i).logits()) {
        if (last[0] != null
            && one.listener.wantsState()
            && (one.chosen() == 0 || one.listener.wantsEveryState())) {
          long bytes = (long) model.config().hiddenSize() * Float.BYTES;
          one.listener.onState(last[0].asSlice(wanted * bytes, bytes));
        }
        choose(one, decoder.logits(logits, wanted++));
      }
    }
    steps++;
    togetherMost = Math.max(togetherMost, sequences.size());
    computedTokens += rows;
    chosenTokens += wanted;
    double seconds = Math.max(1e-6, (System.nanoTime() - began) / 1e9);
    tokensPerSecond = 0.9 * tokensPerSecond + 0.1 * rows / seconds;
  }

  private void namePages(Sequence one) {
    for (int i = one.sharedTokens / KvCache.PAGE_TOKENS; i < one.fullPromptPages(); i++) {
      pages.name(one.pages.get(i), one.pageNames.get(i));
    }
  }

  private void choose(Sequence one, MemorySegment logits) {
    InferenceRequest.Sampling sampling = one.request.sampling();
    int vocabulary = model.config().vocabularySize();
    int token =
        kernels.sample(
            vocabulary,
            logits,
            sampling.temperature(),
            sampling.topK(),
            sampling.topP(),
            sampling.seed(),
            one.chosen());
    if (token == StrictKernels.NO_TOKEN) {
      end(one, FinishReason.FAILED, new NoTokenException(one.chosen()));
      return;
    }
    one.digest.choose(token, vocabulary, logits);
    if (model.config().endTokens().contains(token)) {
      end(one, FinishReason.STOP);
      return;
    }
    one.append(token);
    try {
      one.listener.onToken(token, one.text.push(token));
    } catch (RuntimeException gone) {
      end(one, FinishReason.CANCELLED, null);
      return;
    }
    if (one.text.stopped()) {
      end(one, FinishReason.STOP);
    } else if (one.chosen() >= one.request.maxTokens()) {
      end(one, FinishReason.LENGTH);
    }
  }

  private void end(Sequence one, FinishReason reason) {
    end(one, reason, null);
  }

  private void end(Sequence one, FinishReason reason, @Nullable Throwable failure) {
    if (waiting.remove(one.id()) != null) {
      arrivals.leave(one.request.tenant());
    }
    running.remove(one.id());
    one.pages.forEach(pages::release);
    one.pages.clear();
    if (one.lease != null) {
      one.lease.close();
      one.lease = null;
    }
    if (failure != null) {
      one.result().completeExceptionally(failure);
      return;
    }
    rest(one);
    one.result()
        .complete(
            new InferenceResult(
                one.answer(),
                one.text.text(),
                reason,
                new InferenceResult.Usage(one.promptTokens, one.chosen(), one.sharedTokens),
                one.digest.end(),
                model.weights().digest(),
                one.adapterName));
  }

  private static void rest(Sequence one) {
    String rest = one.text.end();
    if (!rest.isEmpty()) {
      try {
        one.listener.onRest(rest);
      } catch (RuntimeException gone) {
        // It has ended anyway.
        return;
      }
    }
  }

  private EngineFigures figuresNow() {
    return new EngineFigures(
        waiting.size(),
        running.size(),
        pages.pages() - pages.available(),
        pages.pages(),
        steps,
        computedTokens,
        chosenTokens,
        togetherMost);
  }

  /** Ends what runs and waits, as cancelled; waits for the thread to end. */
  @Override
  public void close() {
    closing = true;
    work.release();
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException later) {
        // Buffers must not go while the thread computes.
        interrupted = true;
      }
    }
    if (prefetch != null) {
      prefetch.close();
    }
    decoder.close();
    arena.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
