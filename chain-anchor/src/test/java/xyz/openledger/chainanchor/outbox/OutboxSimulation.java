package xyz.openledger.chainanchor.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import xyz.openledger.chainanchor.outbox.Action.Tag;
import xyz.openledger.chainanchor.outbox.OutboxRow.State;
import xyz.openledger.chainanchor.outbox.Reply.Effect;

/**
 * Drives an outbox and a {@link SimulatedChain} through a seeded life of crashes, reorganisations
 * and an RPC that fails, lies, answers late and loses what it accepted; then lets the storm pass,
 * and checks that each effect happened once.
 */
final class OutboxSimulation {
  static final OutboxSettings SETTINGS =
      new OutboxSettings(4, 3, 2, 3, 8, 20, 100, 1_000_000_000, 1_000, 64);

  /** What goes wrong, or which bug is planted. */
  enum Trait {
    LIES,
    FOREIGN_USE,
    ROLLBACKS,
    /** Tips rise to a thousand times the first; the node suggests a fifth, or nothing. */
    DEAR,
    WITHOUT_COMPARE_AND_SWAP,
    FORGETS_REPLACEMENTS,
    SKIPS_EFFECT_CHECKS,
    STOPS_REPLACING
  }

  /** A life: what it has of all that. */
  record World(Set<Trait> traits) {
    static final World STORM =
        new World(EnumSet.of(Trait.LIES, Trait.FOREIGN_USE, Trait.ROLLBACKS));
    static final World HONEST = new World(EnumSet.noneOf(Trait.class));

    World with(Trait... more) {
      var all = new HashSet<>(traits);
      all.addAll(List.of(more));
      return new World(all);
    }

    boolean has(Trait trait) {
      return traits.contains(trait);
    }
  }

  private final SplittableRandom random;
  private final World world;
  private final SimulatedChain chain;
  private final List<OutboxEvent> journal = new ArrayList<>();
  private final List<Observation> late = new ArrayList<>();
  private final Set<String> storedBytes = new HashSet<>();
  private final Set<String> planned = new HashSet<>();
  private Outbox outbox = new Outbox(SETTINGS);
  private boolean storm = true;
  private boolean chainAway;
  private long nowMillis;
  private long logSize;
  private long lastHead;
  int crashes;
  int faults;

  OutboxSimulation(long seed, World world) {
    this.random = new SplittableRandom(seed);
    this.world = world;
    this.chain = new SimulatedChain(random.split(), !world.has(Trait.WITHOUT_COMPARE_AND_SWAP));
  }

  void live(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    storm = false;
    chainAway = false;
    late.clear();
    // A rollback just before the calm is noticed a few heads into it.
    for (int i = 0; i < 1_500 && (i < 50 || !outbox.rows().isEmpty()); i++) {
      step();
    }
    try {
      check();
    } catch (AssertionError broken) {
      if (Long.getLong("seed") != null) {
        journal.forEach(System.out::println);
      }
      throw broken;
    }
  }

  private void step() {
    nowMillis += random.nextLong(1_500);
    if (world.has(Trait.DEAR)) {
      long floor = 1_000 * SETTINGS.tipWei();
      chain.market(floor, storm && random.nextBoolean() ? 0 : floor / 5);
    }
    if (storm) {
      disturb();
    } else {
      chain.mine(true);
    }
    if (!chainAway) {
      seeHeads();
      for (Action action : outbox.actions(nowMillis)) {
        perform(action);
      }
    }
    while (!late.isEmpty() && random.nextInt(3) == 0) {
      observe(late.remove(random.nextInt(late.size())));
    }
  }

  private void disturb() {
    switch (random.nextInt(24)) {
      case 0 -> chain.reorganise(1 + random.nextInt(5));
      case 1 -> crash();
      case 2 -> fault(chain::losePool);
      case 3 -> chainAway = random.nextInt(3) == 0;
      case 4 -> {
        if (world.has(Trait.FOREIGN_USE)) {
          fault(() -> chain.foreign(logSize));
        }
      }
      case 5 -> {
        if (world.has(Trait.ROLLBACKS) && random.nextInt(8) == 0) {
          fault(() -> chain.rollBack(1 + random.nextInt(25)));
        }
      }
      case 6, 7, 8 -> {
        logSize += random.nextInt(1, 50);
        write(outbox.planAnchor(logSize, "%064x".formatted(logSize)));
      }
      case 9 -> {
        String key = "payment-" + planned.size();
        planned.add(key);
        write(outbox.plan(key, new Intent.Fund(key, 7)));
      }
      case 10, 11, 12, 13, 14, 15 -> chain.mine(false);
      default -> {
        // Time passes.
      }
    }
  }

  private void fault(Runnable fault) {
    faults++;
    fault.run();
  }

  /**
   * Everything but the journal is gone; answers to the dead program may still reach the new one.
   */
  private void crash() {
    crashes++;
    outbox = new Outbox(SETTINGS);
    journal.forEach(outbox::apply);
  }

  private void seeHeads() {
    var head = chain.head();
    long from = storm && random.nextInt(5) == 0 ? head.number() : Math.min(lastHead, head.number());
    if (storm && world.has(Trait.LIES) && random.nextInt(10) == 0) {
      faults++;
      from = Math.max(0, head.number() - 2);
      head = chain.at(from);
    }
    // The follower walks forward from the last common block; a few blocks more do no harm.
    for (long n = Math.max(0, from - 5); n <= head.number(); n++) {
      observe(chain.seen(chain.at(n)));
    }
    lastHead = head.number();
  }

  private void perform(Action action) {
    if (world.has(Trait.STOPS_REPLACING) && isReplacement(action)) {
      return;
    }
    if (action instanceof Action.Send send) {
      assertThat(storedBytes).as("stored before sent").contains(send.rawHex());
    }
    if (storm && random.nextInt(8) == 0) {
      // The request is lost, or the answer is.
      faults++;
      if (random.nextBoolean()) {
        answer(action);
      }
      return;
    }
    var observation = new Observation.Answered(action, answer(action));
    if (storm && random.nextInt(8) == 0) {
      faults++;
      late.add(observation);
      if (random.nextBoolean()) {
        return;
      }
    }
    observe(observation);
  }

  /** Of a row that had as many attempts as one is patient for. */
  private boolean isReplacement(Action action) {
    return action instanceof Action.Sign sign
        && outbox
            .row(sign.id())
            .filter(row -> row.attempts().size() >= SETTINGS.patientAttempts())
            .isPresent();
  }

  private Reply answer(Action action) {
    boolean lie = storm && world.has(Trait.LIES) && random.nextInt(20) == 0;
    if (lie) {
      faults++;
    }
    return switch (action) {
      case Action.CheckEffect check -> effect(check, lie);
      case Action.Sign sign ->
          new Reply.Signature(
              chain.sign(sign.intent(), sign.nonce(), sign.maxFeeWeiPerGas(), sign.tipWeiPerGas()));
      case Action.Send send -> lie ? Reply.Sending.ACCEPTED : chain.send(send.rawHex());
      case Action.AskReceipt ask -> receipt(ask.txHash(), lie);
      case Action.AskNonce _ ->
          new Reply.Nonce(
              chain.at(chain.head().number() - (lie ? random.nextInt(3) : 0)).after().nonce());
      case Action.AskBlock ask ->
          new Reply.Block(chain.block(ask.number()).map(SimulatedChain.Block::hash).orElse(""));
    };
  }

  private Reply effect(Action.CheckEffect check, boolean lie) {
    Effect effect = chain.effect(check.intent(), check.tag(), lie ? 2 : 0);
    if (world.has(Trait.SKIPS_EFFECT_CHECKS)
        && check.tag() == Tag.LATEST
        && effect instanceof Effect.Done) {
      long from = check.intent() instanceof Intent.Anchor anchor ? anchor.fromSize() : 0;
      effect = new Effect.Absent(from);
    }
    return effect;
  }

  private Reply receipt(String txHash, boolean lie) {
    boolean forgotten =
        world.has(Trait.FORGETS_REPLACEMENTS)
            && outbox.rows().stream()
                .anyMatch(
                    row -> row.owns(txHash) && !row.attempts().getLast().txHash().equals(txHash));
    if (forgotten || (lie && random.nextBoolean())) {
      return new Reply.NoReceipt();
    }
    return lie
        ? new Reply.Receipt(new BlockRef(chain.head().number(), "0xphantom"), true, null)
        : chain.receipt(txHash).orElseGet(Reply.NoReceipt::new);
  }

  private void observe(Observation observation) {
    var events = outbox.observe(observation);
    if (storm && random.nextInt(200) == 0) {
      // Dies before the events are written.
      crash();
      return;
    }
    write(events);
  }

  private void write(List<OutboxEvent> events) {
    for (OutboxEvent event : events) {
      journal.add(event);
      outbox.apply(event);
      if (event instanceof OutboxEvent.Signed signed) {
        storedBytes.add(signed.attempt().rawHex());
      }
      if (event instanceof OutboxEvent.NonceTaken
          && !world.has(Trait.LIES)
          && !world.has(Trait.FOREIGN_USE)) {
        if (Long.getLong("seed") != null) {
          journal.forEach(System.out::println);
        }
        throw new AssertionError("nobody else took the nonce: " + event);
      }
    }
    var nonces =
        outbox.rows().stream().filter(OutboxRow::isInFlight).map(OutboxRow::nonce).toList();
    assertThat(nonces).as("one row a nonce").doesNotHaveDuplicates();
  }

  private void check() {
    assertThat(outbox.rows()).as("everything is final").isEmpty();
    long at = 0;
    var funds = new ArrayList<String>();
    for (String effect : chain.effects()) {
      if (effect.startsWith("anchor ")) {
        String[] range = effect.split(" ", 3);
        assertThat(Long.parseLong(range[1])).as("anchors follow one another").isEqualTo(at);
        at = Long.parseLong(range[2]);
      } else if (!effect.contains("foreign")) {
        funds.add(effect.substring("fund ".length()));
      }
    }
    assertThat(at).as("the whole log is anchored").isEqualTo(logSize);
    assertThat(funds).as("each payment once").containsExactlyInAnyOrderElementsOf(planned);
    assertThat(outbox.anchorProgress().finalSize()).isEqualTo(logSize);
    if (!world.has(Trait.LIES) && !world.has(Trait.FOREIGN_USE)) {
      assertThat(chain.reverted())
          .as(
              "no gas for nothing\n%s",
              journal.stream()
                  .map(Object::toString)
                  .collect(java.util.stream.Collectors.joining("\n")))
          .isZero();
    }
    assertThat(journal).noneMatch(event -> event instanceof OutboxEvent.Conflicted);
    assertThat(outbox.rows()).noneMatch(row -> row.state() == State.CONFLICTED);
    var replayed = new Outbox(SETTINGS);
    journal.forEach(replayed::apply);
    assertThat(replayed.snapshot()).isEqualTo(outbox.snapshot());
  }
}
