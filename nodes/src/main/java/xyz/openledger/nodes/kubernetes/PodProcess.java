package xyz.openledger.nodes.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.sandbox.Attached;

/**
 * A worker in a pod, as a process: its streams are the container's, its exit code is what the
 * cluster reports, and killing it deletes its Job. It is there at once; the pod comes later, and
 * whoever reads or writes waits for it. Why it ended stands at the end of its standard error.
 */
final class PodProcess extends Process {
  /** Below all that the system gives, so that nobody takes it for a process of this machine. */
  private static final AtomicLong NUMBER = new AtomicLong(-2);

  private static final int EXIT_LOST = 125;
  private static final int EXIT_KILLED = 137;
  private static final long POLL_MIN_MILLIS = 100;
  private static final long POLL_MAX_MILLIS = 2_000;
  private static final Duration PING_INTERVAL = Duration.ofSeconds(20);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(90);
  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  private final WorkerJobs jobs;
  private final WorkerOrder order;
  private final Duration patience;
  private final String name;
  private final long number = NUMBER.getAndDecrement();
  private final byte[] key = Attached.newKey();
  private final Attachment attachment = new Attachment();
  private final CompletableFuture<Void> attached = new CompletableFuture<>();
  private final CompletableFuture<Void> killed = new CompletableFuture<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final InputStream output;
  private final InputStream errors;
  private final OutputStream input;
  private volatile String why = "";

  private PodProcess(WorkerJobs jobs, WorkerOrder order, Duration patience) {
    this.jobs = jobs;
    this.order = order;
    this.patience = patience;
    this.name = WorkerJob.name(order);
    this.output = Attached.deciphered(key, attachment.output());
    this.errors = new SequenceInputStream(attachment.errors(), new LastWords());
    this.input = new WhenAttached(attachment.input());
  }

  /**
   * Asks the cluster for a worker, and does not wait for it.
   *
   * @param patience until the pod has to run
   */
  static PodProcess start(WorkerJobs jobs, WorkerOrder order, Duration patience) {
    var process = new PodProcess(jobs, order, patience);
    Thread.ofVirtual().name(process.name).start(process::live);
    return process;
  }

  private void live() {
    int code = EXIT_LOST;
    try {
      jobs.create(order);
      jobs.attach(awaitRunning(), attachment);
      attachment.input().write(key);
      attached.complete(null);
      awaitClosed();
      code = awaitEnd();
    } catch (IOException | RuntimeException failed) {
      why = String.valueOf(failed.getMessage());
    } finally {
      finish(killed.isDone() ? EXIT_KILLED : code);
    }
  }

  /** The name of the pod, once its program runs. */
  private String awaitRunning() throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    String seen = "no pod was made";
    for (long poll = POLL_MIN_MILLIS; System.nanoTime() < end; poll = longer(poll)) {
      switch (jobs.state(name)) {
        case PodState.Running(String pod) -> {
          return pod;
        }
        case PodState.Broken(String reason) -> throw new IOException(reason);
        case PodState.Ended(_, String reason) ->
            throw new IOException("it ended before it could be reached: " + reason);
        case PodState.Waiting(String reason) -> seen = reason;
        case PodState.Absent _ -> {}
      }
      if (isKilledWithin(poll)) {
        throw new IOException("it was no longer wanted");
      }
    }
    throw new IOException(
        "the pod did not run within %d s: %s"
            .formatted(patience.toSeconds(), jobs.warning(name).orElse(seen)));
  }

  /** Waits for the connection's end, and makes an end of one that has fallen silent. */
  private void awaitClosed() {
    CompletableFuture<Object> over = CompletableFuture.anyOf(attachment.closed(), killed);
    while (!isDoneWithin(over, PING_INTERVAL)) {
      if (System.nanoTime() - attachment.heardNanos() > SILENCE_MAX.toNanos()) {
        why = "its connection fell silent";
        attachment.abort();
      } else {
        attachment.ping();
      }
    }
    if (why.isEmpty()) {
      why = attachment.closed().getNow("");
    }
  }

  /** The exit code, which the cluster may come to know a moment after the streams end. */
  private int awaitEnd() throws IOException {
    long end = System.nanoTime() + END_PATIENCE.toNanos();
    for (long poll = POLL_MIN_MILLIS; System.nanoTime() < end; poll = longer(poll)) {
      switch (jobs.state(name)) {
        case PodState.Ended(int code, String reason) -> {
          why = code == 0 ? why : reason;
          return code < 0 ? EXIT_LOST : code;
        }
        case PodState.Absent _ -> throw new IOException("its pod was deleted");
        case PodState.Broken _, PodState.Waiting _, PodState.Running _ -> {}
      }
      if (isKilledWithin(poll)) {
        return EXIT_KILLED;
      }
    }
    throw new IOException(why.isEmpty() ? "the connection to its pod was cut" : why);
  }

  private boolean isKilledWithin(long millis) {
    return isDoneWithin(killed, Duration.ofMillis(millis));
  }

  private static boolean isDoneWithin(CompletableFuture<?> future, Duration time) {
    try {
      future.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException over) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static long longer(long poll) {
    return Math.min(2 * poll, POLL_MAX_MILLIS);
  }

  /** Clears the Job away and tells whoever listens, in this order: the last words, the end. */
  private void finish(int code) {
    attachment.abort();
    attached.completeExceptionally(new IOException(why.isEmpty() ? "the pod has ended" : why));
    try {
      jobs.delete(name);
    } catch (IOException | RuntimeException undeletable) {
      // It ends by itself: its input has ended, its life is bounded, and the next agent sweeps.
      why = (why + " (its Job stays for now: " + undeletable.getMessage() + ")").strip();
    }
    exit.complete(code);
    attachment.errors().end();
    attachment.output().end();
  }

  @Override
  public OutputStream getOutputStream() {
    return input;
  }

  @Override
  public InputStream getInputStream() {
    return output;
  }

  @Override
  public InputStream getErrorStream() {
    return errors;
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      return exit.get();
    } catch (ExecutionException impossible) {
      throw new AssertionError("the exit is never exceptional", impossible);
    }
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) {
    return isDoneWithin(exit, Duration.ofNanos(unit.toNanos(timeout)));
  }

  @Override
  public int exitValue() {
    if (!exit.isDone()) {
      throw new IllegalThreadStateException("the worker has not ended");
    }
    return exit.join();
  }

  @Override
  public boolean isAlive() {
    return !exit.isDone();
  }

  @Override
  public void destroy() {
    killed.complete(null);
    attachment.abort();
  }

  @Override
  public Process destroyForcibly() {
    destroy();
    return this;
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return exit.thenApply(_ -> this);
  }

  /** A number below 0: there is no such process on this machine. */
  @Override
  public long pid() {
    return number;
  }

  /** Why it ended, once it has. */
  private final class LastWords extends InputStream {
    private @Nullable InputStream words;

    private InputStream words() {
      InputStream said = words;
      if (said == null) {
        String line = why.isEmpty() ? "" : "\n" + why;
        said = new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8));
        words = said;
      }
      return said;
    }

    @Override
    public int read() throws IOException {
      return words().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return words().read(target, offset, length);
    }
  }

  /** Waits for the pod before the first byte. */
  private final class WhenAttached extends OutputStream {
    private final OutputStream stream;

    private WhenAttached(OutputStream stream) {
      this.stream = stream;
    }

    private OutputStream stream() throws IOException {
      try {
        attached.get();
        return stream;
      } catch (ExecutionException failed) {
        throw new IOException("the pod cannot be reached: " + why, failed);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for a pod", e);
      }
    }

    @Override
    public void write(int one) throws IOException {
      stream().write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      stream().write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      stream().close();
    }
  }
}
