package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import xyz.openledger.nodes.sandbox.ControlGroup;

/**
 * The outside of one worker: writes orders, hears answers, and kills. What it hears goes to a
 * listener on this process's own thread, in order; the last thing heard is that the process has
 * ended.
 */
final class WorkerProcess {
  private static final int COMPLAINT_MAX_BYTES = 2048;
  private static final long EXIT_WAIT_MILLIS = 2_000;

  /** Hears one worker. */
  interface Listener {
    void heard(Frame frame);

    void ended(String reason);
  }

  private final Process process;
  private final ControlGroup group;
  private final FrameWriter orders;
  private final ByteBuffer complaint = ByteBuffer.allocate(COMPLAINT_MAX_BYTES);

  private WorkerProcess(Process process, ControlGroup group) {
    this.process = process;
    this.group = group;
    this.orders = new FrameWriter(process.getOutputStream());
  }

  /**
   * Takes over a process that was just started.
   *
   * @param group is removed when the process has ended
   */
  static WorkerProcess of(Process process, ControlGroup group) {
    return new WorkerProcess(process, group);
  }

  /** Starts to listen; called once. */
  void listen(Listener listener) {
    long pid = process.pid();
    Thread complaints = daemon("worker-" + pid + "-complaints", this::drainComplaints);
    daemon("worker-" + pid, () -> hear(listener, complaints));
  }

  /** Writes orders in one piece. Waits while the worker is busy and the pipe is full. */
  synchronized void send(List<Frame> frames) throws IOException {
    frames.forEach(orders::add);
    orders.flush();
  }

  /** Ends the process now, together with whatever it started. */
  void kill() {
    process.destroyForcibly();
  }

  long pid() {
    return process.pid();
  }

  private void hear(Listener listener, Thread complaints) {
    String reason = "its answers ended";
    try {
      var answers = new FrameReader(process.getInputStream());
      for (Frame frame = answers.read(); frame != null; frame = answers.read()) {
        listener.heard(frame);
      }
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    String exit = exit(complaints);
    group.close();
    listener.ended(reason + exit);
  }

  private String exit(Thread complaints) {
    try {
      boolean byItself = process.waitFor(EXIT_WAIT_MILLIS, TimeUnit.MILLISECONDS);
      process.destroyForcibly();
      complaints.join(EXIT_WAIT_MILLIS);
      return (byItself ? "; exit code " + process.exitValue() : "; killed") + complaint();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private String complaint() {
    synchronized (complaint) {
      var text = new String(complaint.array(), 0, complaint.position(), StandardCharsets.UTF_8);
      return text.isBlank() ? "" : "; it said: " + text.strip();
    }
  }

  /**
   * Keeps the first of what the process complains about, and reads the rest so that it never waits.
   */
  private void drainComplaints() {
    byte[] chunk = new byte[COMPLAINT_MAX_BYTES];
    try (InputStream errors = process.getErrorStream()) {
      for (int read = errors.read(chunk); read >= 0; read = errors.read(chunk)) {
        keep(chunk, read);
      }
    } catch (IOException ended) {
      // Nobody is left to complain.
    }
  }

  private void keep(byte[] chunk, int length) {
    synchronized (complaint) {
      complaint.put(chunk, 0, Math.min(length, complaint.remaining()));
    }
  }

  private static Thread daemon(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name(name).start(body);
  }
}
