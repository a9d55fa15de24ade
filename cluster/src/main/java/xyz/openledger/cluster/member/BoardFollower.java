package xyz.openledger.cluster.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.governance.RuleSource;
import xyz.openledger.actors.governance.RulesInForce;
import xyz.openledger.chainanchor.evm.Board;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.Governor;
import xyz.openledger.chainanchor.evm.Proposal;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.pools.governance.Activation;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.RuleBundle;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.GovernanceBoard;
import xyz.openledger.protocol.api.GovernanceBoard.Standing;

/**
 * Reads the board of voted rules once a second, in its final state, and has this member obey what
 * stands there. Where it cannot, the last rules stay in force, and that is said.
 */
final class BoardFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BoardFollower.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int DRAINS = 5;

  private final Board board;
  private final Governor governor;
  private final RulesInForce rules;
  private final Adoption adoption;
  private final Consumer<GovernedRules> drain;
  private final Path folder;
  private final BlobStore blobs;
  // Jobs that were being admitted show in the views a moment later.
  private int drainsLeft = DRAINS;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("board").factory());
  private volatile @Nullable GovernanceBoard known;

  /** Puts rules in force; refuses nothing that could be obeyed. */
  @FunctionalInterface
  interface Adoption {
    /**
     * Adopts.
     *
     * @return why not; empty if it did
     */
    Optional<String> adopt(GovernedRules rules, String source);
  }

  /**
   * A follower of a board.
   *
   * @param drain ends what waits and is forbidden
   * @param folder where documents are kept by their hash, and where an operator may put one
   */
  BoardFollower(
      Board board,
      Governor governor,
      RulesInForce rules,
      Adoption adoption,
      Consumer<GovernedRules> drain,
      Path folder,
      BlobStore blobs) {
    this.board = board;
    this.governor = governor;
    this.rules = rules;
    this.adoption = adoption;
    this.drain = drain;
    this.folder = folder;
    this.blobs = blobs;
  }

  /** Looks once, so that nothing is admitted under rules that a vote has replaced; then goes on. */
  void start() {
    look();
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What was read last; null before the first reading. */
  @Nullable GovernanceBoard known() {
    return known;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void look() {
    try {
      Board.Reading reading = board.read(ChainClient.Tag.FINALIZED);
      tell(follow(reading), reading);
      drain();
    } catch (IOException | RuntimeException away) {
      unread(away);
    }
  }

  /** Why what was voted is not obeyed; empty if it is. */
  private Optional<String> follow(Board.Reading reading) throws IOException {
    var voted = new Activation.Voted(reading.inForce().number(), reading.inForce().ruleHash());
    GovernedRules obeyed = rules.voted();
    Optional<byte[]> document =
        Activation.isDue(voted, obeyed) ? document(reading.inForce()) : Optional.empty();
    return switch (Activation.decide(voted, obeyed, document)) {
      case Activation.Stays() -> Optional.empty();
      case Activation.Keeps(var why) -> Optional.of(why);
      case Activation.Activates(var next) -> activate(next, reading.inForce());
    };
  }

  private Optional<String> activate(GovernedRules next, Board.Epoch epoch) throws IOException {
    keep(next);
    Optional<String> refused = adoption.adopt(next, source(epoch));
    if (refused.isEmpty()) {
      drainsLeft = DRAINS;
      LOG.info("governance epoch {}, rules {}, is in force by vote", next.epoch(), next.hash());
    }
    return refused;
  }

  private void drain() {
    GovernedRules obeyed = rules.voted();
    if (obeyed != null && obeyed.drains() && drainsLeft > 0) {
      drainsLeft--;
      drain.accept(obeyed);
    }
  }

  /** With the proposal's number, if the chain's node tells of it; the hash decides, not this. */
  private String source(Board.Epoch epoch) {
    var published = published(epoch);
    try {
      var proposal =
          published.isEmpty()
              ? Optional.<Proposal>empty()
              : governor.executedBy(published.get().transaction());
      return proposal
          .map(found -> RuleSource.VOTE + ", proposal " + found.number())
          .orElse(RuleSource.VOTE);
    } catch (IOException untold) {
      LOG.warn("the chain's node does not tell whose proposal it was: {}", untold.toString());
      return RuleSource.VOTE;
    }
  }

  /** The document of that hash; else one that was found in its place, so that one can say so. */
  private Optional<byte[]> document(Board.Epoch epoch) throws IOException {
    List<byte[]> found = new ArrayList<>();
    Path file = file(epoch.ruleHash());
    if (Files.exists(file) && Files.size(file) <= RuleBundle.BYTES_MAX) {
      found.add(Files.readAllBytes(file));
    }
    if (!isAmong(found, epoch.ruleHash())) {
      published(epoch).ifPresent(event -> found.add(event.rules()));
    }
    if (!isAmong(found, epoch.ruleHash())) {
      blobs.read(epoch.ruleHash()).ifPresent(found::add);
    }
    return found.stream()
        .filter(each -> Digest.of(each).equals(epoch.ruleHash()))
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  /** A node that keeps no old events hinders nobody from finding the document elsewhere. */
  private Optional<Board.Published> published(Board.Epoch epoch) {
    try {
      return board.published(epoch);
    } catch (IOException untold) {
      // Each second while rules are missing: why they are is told by the standing.
      LOG.debug("the chain's node does not tell what was published", untold);
      return Optional.empty();
    }
  }

  private static boolean isAmong(List<byte[]> found, Digest hash) {
    return found.stream().anyMatch(each -> Digest.of(each).equals(hash));
  }

  private void keep(GovernedRules next) throws IOException {
    Path file = file(next.hash());
    if (!Files.exists(file)) {
      Files.createDirectories(folder);
      Path half = folder.resolve("new");
      Files.write(half, next.canonical());
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path file(Digest hash) {
    return folder.resolve(hash.hex() + ".json");
  }

  private void tell(Optional<String> why, Board.Reading reading) {
    GovernanceBoard before = known;
    String detail = why.orElse(null);
    known =
        new GovernanceBoard(
            detail == null ? Standing.FOLLOWED : Standing.KEPT,
            reading.inForce().number(),
            reading.inForce().ruleHash(),
            reading.latest().number(),
            reading.latest().effectiveAtSeconds() * 1_000,
            detail);
    if (detail != null && (before == null || !detail.equals(before.detail()))) {
      LOG.warn("the voted rules are not obeyed, the last ones stay in force: {}", detail);
    }
  }

  private void unread(Exception away) {
    GovernanceBoard before = known;
    if (before == null || before.standing() != Standing.UNREAD) {
      LOG.warn("the board of voted rules cannot be read: {}", away.toString());
    }
    known =
        new GovernanceBoard(
            Standing.UNREAD,
            before == null ? 0 : before.epoch(),
            before == null ? GovernedRules.NONE.hash() : before.ruleHash(),
            before == null ? 0 : before.latestEpoch(),
            before == null ? 0 : before.effectiveAtMillis(),
            "the chain does not answer: " + away.getMessage());
  }
}
