package xyz.openledger.chainanchor.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.FeeSplit;

/**
 * Draws a life of the books from a seed: requesters deposit, jobs hold and settle, payees claim,
 * and every message may come again, late, or altered. Checks what must hold with sums of its own.
 */
final class LedgerWorld {
  static final String ESCROW = "0x" + "e".repeat(40);
  static final String DISTRIBUTOR = "0x" + "d".repeat(40);
  static final String PLATFORM_PAYEE = "0x" + "f".repeat(40);
  private static final List<String> TENANTS = List.of("ada", "bob", "eve");

  private final SplittableRandom random;
  private final BiFunction<Books, LedgerCommand, Decision> rules;
  final Books books = new Books();
  final List<LedgerEvent> journal = new ArrayList<>();
  final List<LedgerCommand> asked = new ArrayList<>();
  private final Map<String, LedgerCommand.Hold> open = new HashMap<>();
  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, List<Long>> unacknowledged = new HashMap<>();
  private long block;
  private int serial;

  LedgerWorld(long seed, BiFunction<Books, LedgerCommand, Decision> rules) {
    this.random = new SplittableRandom(seed);
    this.rules = rules;
  }

  static LedgerWorld honest(long seed) {
    return new LedgerWorld(seed, Books::decide);
  }

  void live(int steps) {
    for (int i = 0; i < steps; i++) {
      boolean repeats = !asked.isEmpty() && random.nextInt(4) == 0;
      ask(repeats ? asked.get(random.nextInt(asked.size())) : draw());
      if (i % 50 == 0) {
        check();
      }
    }
    check();
  }

  void ask(LedgerCommand command) {
    var decision = rules.apply(books, command);
    asked.add(command);
    for (LedgerEvent event : decision.newEvents()) {
      journal.add(event);
      books.apply(event);
      follow(event);
    }
  }

  /** Adds up the journal's transfers, without the books, and compares. */
  void check() {
    assertThat(books.audit()).isEmpty();
    Map<Account, Long> sums = new HashMap<>();
    Set<Object> payments = new HashSet<>();
    long arrived = 0;
    long left = 0;
    for (LedgerEvent event : journal) {
      for (Transfer transfer : Postings.of(event)) {
        sums.merge(transfer.debit(), -transfer.amountNanoOpen(), Math::addExact);
        sums.merge(transfer.credit(), transfer.amountNanoOpen(), Math::addExact);
        assertThat(payments.add(List.of(transfer.key(), transfer.debit())))
            .as("%s is made once", transfer.key())
            .isTrue();
      }
      switch (event) {
        case LedgerEvent.Deposited e -> arrived += e.amountNanoOpen();
        case LedgerEvent.WithdrawalCompleted e -> left += e.amountNanoOpen();
        case LedgerEvent.Claimed e -> left += e.amountNanoOpen();
        default -> {}
      }
    }
    sums.values().removeIf(sum -> sum == 0);
    assertThat(books.balances()).isEqualTo(sums);
    long inside =
        sums.entrySet().stream()
            .filter(entry -> !entry.getKey().kind().isChain())
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(inside).isEqualTo(arrived - left);
    checkContracts(arrived - left);
  }

  /** Plays the two contracts: what was funded and claimed is what the books say they hold. */
  private void checkContracts(long inside) {
    long funded = 0;
    long claimed = 0;
    for (LedgerEvent event : journal) {
      switch (event) {
        case LedgerEvent.PayoutEpochPublished e ->
            funded +=
                e.payouts().stream().mapToLong(Payout::amountNanoOpen).sum()
                    - orZero(e.coveredNanoOpen());
        case LedgerEvent.PayoutEpochReopened e -> funded += e.closed().fundingNanoOpen();
        case LedgerEvent.Claimed e -> claimed += e.amountNanoOpen();
        default -> {}
      }
    }
    assertThat(-books.balance(Account.CHAIN_DISTRIBUTOR)).isEqualTo(funded - claimed);
    assertThat(-books.balance(Account.CHAIN_ESCROW)).isEqualTo(inside - (funded - claimed));
  }

  private static long orZero(@Nullable Long amount) {
    return amount == null ? 0 : amount;
  }

  private void follow(LedgerEvent event) {
    switch (event) {
      case LedgerEvent.Settled e -> finish(e.jobId());
      case LedgerEvent.Released e -> finish(e.jobId());
      default -> {}
    }
  }

  private void finish(String jobId) {
    var hold = open.remove(jobId);
    if (hold != null) {
      unacknowledged
          .computeIfAbsent(hold.origin().source(), _ -> new ArrayList<>())
          .add(hold.origin().number());
    }
  }

  private LedgerCommand draw() {
    return switch (random.nextInt(20)) {
      case 0, 1 -> deposit();
      case 2, 3, 4, 5, 6, 7 -> hold();
      case 8, 9, 10, 11, 12 -> settle();
      case 13 -> release();
      case 14 -> acknowledge();
      case 15 -> withdraw();
      case 16 -> endWithdrawal();
      case 17 -> close();
      case 18 -> books.openEpoch().map(this::end).orElseGet(this::claim);
      default -> claim();
    };
  }

  /** One epoch in three is rejected. */
  private LedgerCommand end(LedgerEvent.PayoutEpochClosed open) {
    return random.nextInt(3) == 0
        ? new LedgerCommand.ReopenPayoutEpoch(open.epoch(), "ada", "a wrong payee")
        : new LedgerCommand.PublishPayoutEpoch(open.epoch(), "0xaa");
  }

  /** Payees of shares are now those of work, now the platform, now nobody. */
  private LedgerCommand close() {
    Map<String, String> payees = new HashMap<>();
    for (String share : List.of("model", "stakers", "data")) {
      if (random.nextBoolean()) {
        payees.put(share, random.nextInt(4) == 0 ? PLATFORM_PAYEE : payee());
      }
    }
    return new LedgerCommand.ClosePayoutEpoch(PLATFORM_PAYEE, payees);
  }

  private LedgerCommand deposit() {
    String tenant = tenant();
    return new LedgerCommand.Deposit(
        tenant, depositor(tenant), random.nextLong(1, 1_000_000_000), ESCROW, log(), ++block);
  }

  private LedgerCommand hold() {
    String source = "partition-" + random.nextInt(3);
    long number = numbers.merge(source, 1L, Long::sum);
    var hold =
        new LedgerCommand.Hold(
            "job-" + ++serial,
            tenant(),
            random.nextLong(1, 200_000_000),
            new Origin(source, number));
    boolean affordable =
        books.requester(hold.tenant()).availableNanoOpen() >= hold.amountNanoOpen();
    if (affordable) {
      open.put(hold.jobId(), hold);
    } else {
      unacknowledged.computeIfAbsent(source, _ -> new ArrayList<>()).add(number);
    }
    return hold;
  }

  private LedgerCommand settle() {
    var hold = anyOpen();
    long left = hold == null ? 100 : hold.amountNanoOpen();
    var charges = new ArrayList<Charge>();
    String job = hold == null ? "job-unknown" : hold.jobId();
    for (int r = random.nextInt(4); r >= 0; r--) {
      // One in ten settlements asks for more than was held.
      long price = random.nextInt(10) == 0 ? left + 1 : random.nextLong(left + 1);
      charges.add(new Charge(job + "/0/r" + r, "node-" + r, payee(), price));
      left = Math.max(0, left - price);
    }
    var withheld =
        random.nextBoolean()
            ? List.of(new Withholding(job + "/0/r9", "node-9", payee(), 5, "dissent"))
            : List.<Withholding>of();
    return random.nextBoolean()
        ? new LedgerCommand.Settle(job, charges, withheld, random.nextInt(10_001))
        : new LedgerCommand.Settle(
            job, charges, withheld, 0, split(), random.nextBoolean() ? payee() : null);
  }

  private FeeSplit split() {
    return new FeeSplit(
        random.nextInt(4_000), random.nextInt(3_000), random.nextInt(2_000), random.nextInt(1_000));
  }

  private LedgerCommand release() {
    var hold = anyOpen();
    return new LedgerCommand.Release(hold == null ? "job-unknown" : hold.jobId(), "cancelled");
  }

  private LedgerCommand acknowledge() {
    String source = "partition-" + random.nextInt(3);
    var done = Objects.requireNonNullElse(unacknowledged.remove(source), List.<Long>of());
    return new LedgerCommand.Acknowledge(source, done);
  }

  private LedgerCommand withdraw() {
    String tenant = tenant();
    return new LedgerCommand.RequestWithdrawal(
        "withdrawal-" + ++serial, tenant, depositor(tenant), random.nextLong(1, 100_000_000));
  }

  private LedgerCommand endWithdrawal() {
    var pending = books.pendingWithdrawals();
    if (pending.isEmpty()) {
      return withdraw();
    }
    String id = pending.get(random.nextInt(pending.size())).withdrawalId();
    return random.nextBoolean()
        ? new LedgerCommand.CompleteWithdrawal(id, "0xbb")
        : new LedgerCommand.ReturnWithdrawal(id, "refused");
  }

  private LedgerCommand claim() {
    String payee = payee();
    long claimable = Math.max(1, books.payee(payee).claimableNanoOpen());
    return new LedgerCommand.Claim(payee, claimable, DISTRIBUTOR, log(), ++block);
  }

  private LedgerCommand.@Nullable Hold anyOpen() {
    var holds = List.copyOf(open.values());
    return holds.isEmpty() ? null : holds.get(random.nextInt(holds.size()));
  }

  private String log() {
    return "0x" + ++serial + "/0";
  }

  private String tenant() {
    return TENANTS.get(random.nextInt(TENANTS.size()));
  }

  private static String depositor(String tenant) {
    return "0x%040x".formatted(1000 + TENANTS.indexOf(tenant));
  }

  private String payee() {
    return "0x%040x".formatted(1 + random.nextInt(5));
  }
}
