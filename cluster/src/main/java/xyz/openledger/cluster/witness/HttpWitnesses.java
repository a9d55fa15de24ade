package xyz.openledger.cluster.witness;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.anchor.Witnesses;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogView;
import xyz.openledger.protocol.api.LogStatus;

/**
 * Asks all witnesses of a policy at once. While too few answer, nothing is anchored and nothing
 * else waits: the log grows, and the next checkpoint that is cosigned stands for all before it.
 */
public final class HttpWitnesses implements Witnesses, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpWitnesses.class);

  /** How long one witness may take. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient client;
  private final WitnessPolicy policy;
  private final Executor blocking;
  private final List<WitnessLink> links;
  private volatile boolean enough = true;

  /**
   * Starts nothing yet.
   *
   * @param blocking where each waits for its answer
   */
  public HttpWitnesses(WitnessPolicy policy, LogView log, Executor blocking) {
    this.policy = policy;
    this.blocking = blocking;
    this.client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    this.links =
        policy.witnesses().stream()
            .map(witness -> new WitnessLink(client, witness, TIMEOUT, log.tree()))
            .toList();
  }

  @Override
  public int quorum() {
    return policy.quorum();
  }

  @Override
  public Optional<CheckpointNote> cosign(LogEvent.CheckpointSealed checkpoint) {
    var note = CheckpointNote.parse(checkpoint.note());
    var answers =
        links.stream()
            .map(link -> CompletableFuture.supplyAsync(() -> link.ask(note), blocking))
            .toList();
    var signatures = new ArrayList<CheckpointNote.Signature>();
    for (var answer : answers) {
      var signature = answer.join();
      if (signature != null) {
        signatures.add(signature);
      }
    }
    say(signatures.size() >= policy.quorum());
    return enough ? Optional.of(note.with(signatures)) : Optional.empty();
  }

  private void say(boolean now) {
    if (now != enough) {
      enough = now;
      if (now) {
        LOG.info("enough witnesses answer again");
      } else {
        LOG.warn("too few witnesses cosign, so nothing is anchored until they do: {}", state());
      }
    }
  }

  /** How each witness is. */
  public List<LogStatus.Witness> state() {
    return links.stream()
        .map(
            link ->
                new LogStatus.Witness(
                    link.witness().key().name(),
                    link.witness().key().toString(),
                    link.witness().url().toString(),
                    link.seenSize(),
                    link.fault()))
        .toList();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
