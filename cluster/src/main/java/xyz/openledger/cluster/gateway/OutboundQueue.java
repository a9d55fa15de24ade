package xyz.openledger.cluster.gateway;

import java.util.Optional;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.HubWire;
import xyz.openledger.protocol.session.Outbox;

/** What waits for one node: filled by whoever speaks to it, emptied by its session. Thread-safe. */
final class OutboundQueue {
  private final int framesMax;
  private final Outbox<HubMessage> outbox;
  private boolean refused;
  private boolean closed;

  OutboundQueue(int framesMax, long bytesMax) {
    this.framesMax = framesMax;
    this.outbox = new Outbox<>(framesMax, bytesMax);
  }

  /** Takes a message; false if there is no room, or nobody to send it to any more. */
  synchronized boolean offer(HubMessage message) {
    long bytes = HubWire.frameBytes(message);
    if (closed || !outbox.hasRoom(bytes)) {
      refused = true;
      return false;
    }
    outbox.append(message, bytes);
    return true;
  }

  /** The next message to send on the present stream. */
  synchronized Optional<Outbox.Numbered<HubMessage>> poll() {
    return outbox.poll();
  }

  /**
   * Forgets what the node has processed.
   *
   * @return whether those who were refused may come again: half of the queue is free
   * @throws ProblemException {@code protocol-violation} for a number that was never sent
   */
  synchronized boolean acknowledge(long sequence) {
    outbox.acknowledge(sequence);
    boolean roomAgain = refused && outbox.size() <= framesMax / 2;
    refused &= !roomAgain;
    return roomAgain;
  }

  /** Starts over on a new stream. */
  synchronized void rewind() {
    outbox.rewind();
  }

  /** Takes nothing any more; answers whether this was the first time. */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
