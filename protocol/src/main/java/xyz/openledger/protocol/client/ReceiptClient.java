package xyz.openledger.protocol.client;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.LogStatus;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.api.ReceiptView;

/** What is left of a job for anyone to check. */
public final class ReceiptClient {
  private static final String FIRST = "?leaf=first";

  private final Exchange exchange;

  ReceiptClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /** A job's receipt and how far it is anchored. */
  public ReceiptView show(String job) {
    return Call.get(exchange, path(job), ReceiptView.class);
  }

  /** What offline verification needs; {@code wrong-state} until a checkpoint covers the receipt. */
  public ReceiptProof prove(String job) {
    return Call.get(exchange, path(job) + "/proof", ReceiptProof.class);
  }

  /** The receipt of what a job answered before that was verified; {@code not-found} if nothing. */
  public ReceiptView showFirst(String job) {
    return Call.get(exchange, path(job) + FIRST, ReceiptView.class);
  }

  /** {@link #prove} for what a job answered before that was verified. */
  public ReceiptProof proveFirst(String job) {
    return Call.get(exchange, path(job) + "/proof" + FIRST, ReceiptProof.class);
  }

  /** How far the log is signed, witnessed and anchored. */
  public LogStatus log() {
    return Call.get(exchange, "/log", LogStatus.class);
  }

  /** The log's checkpoints, newest first. */
  public Pages<Anchor> anchors() {
    return Call.pages(exchange, "/anchors", "", Anchor.class);
  }

  private static String path(String job) {
    return "/receipts/" + Call.quote(Check.text("job", job, 30));
  }
}
