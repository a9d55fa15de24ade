package xyz.openledger.chainanchor.accounts;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import xyz.openledger.chainanchor.accounts.LedgerRefusal.Reason;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.FeeSplit;

/** The life of a hold: opened, settled or released once, acknowledged, forgotten. */
record HoldRules(Books books) {
  private static final int BASIS = 10_000;

  Decision hold(LedgerCommand.Hold command) {
    Refusing.id("jobId", command.jobId());
    Refusing.id("tenant", command.tenant());
    Refusing.id("origin.source", command.origin().source());
    Refusing.amount("amountNanoOpen", command.amountNanoOpen());
    var hold =
        new OpenHold(command.jobId(), command.tenant(), command.amountNanoOpen(), command.origin());
    OpenHold first = books.holds.get(command.jobId());
    FinishedHold finished = books.finishedHolds.get(command.jobId());
    if (finished != null) {
      first = finished.hold();
    }
    if (first != null) {
      return Refusing.repeat(first.event(), first.equals(hold), "jobId", command.jobId());
    }
    admitNumber(command.origin());
    long available = books.balance(Account.available(command.tenant()));
    if (available < command.amountNanoOpen()) {
      throw Refusing.insufficient(command.tenant(), available, command.amountNanoOpen());
    }
    if (books.holds.size() >= Books.HOLDS_MAX || books.finishedHolds.size() >= Books.HOLDS_MAX) {
      throw new Refusing(
          Reason.TOO_MANY,
          "jobId",
          "%d holds are open or unacknowledged".formatted(Books.HOLDS_MAX));
    }
    return new Decision.Accepted(List.of(hold.event()));
  }

  private void admitNumber(Origin origin) {
    var watermark = books.watermark(origin.source());
    if (origin.number() < 1 || !watermark.inSpan(origin.number())) {
      throw new Refusing(
          Reason.MALFORMED,
          "origin.number",
          "%s may number its holds %d to %d now, this is %d"
              .formatted(
                  origin.source(),
                  watermark.through() + 1,
                  watermark.through() + Watermark.SPAN_MAX,
                  origin.number()));
    }
    if (watermark.contains(origin.number())) {
      throw new Refusing(
          Reason.FINISHED, "origin.number", origin + " was acknowledged as finished");
    }
    String other = books.jobs.get(origin);
    if (other != null) {
      throw new Refusing(
          Reason.CONFLICTING_REPEAT, "origin.number", origin + " is already the hold of " + other);
    }
  }

  Decision settle(LedgerCommand.Settle command) {
    String digest = digest(command);
    OpenHold hold = books.holds.get(command.jobId());
    if (hold == null) {
      FinishedHold finished = finished(command.jobId());
      boolean same =
          finished.outcome() instanceof LedgerEvent.Settled settled
              && settled.chargesDigest().equals(digest);
      return Refusing.repeat(finished.outcome(), same, "jobId", command.jobId());
    }
    long total = total(command);
    Splitting parts =
        command.split() == null
            ? null
            : Splitting.of(command.split(), command.charges(), command.modelPayee(), books::carry);
    if (total > hold.amountNanoOpen()) {
      throw new Refusing(
          Reason.EXCEEDS_HOLD,
          "charges",
          "%s held %d nano-OPEN, its charges are %d"
              .formatted(command.jobId(), hold.amountNanoOpen(), total));
    }
    var event =
        new LedgerEvent.Settled(
            command.jobId(),
            hold.tenant(),
            hold.amountNanoOpen(),
            parts == null ? payments(command, total) : parts.payments(),
            command.withheld(),
            hold.amountNanoOpen() - total,
            digest,
            parts == null ? null : parts.shares());
    return new Decision.Accepted(List.of(event));
  }

  private static long total(LedgerCommand.Settle command) {
    if (command.charges().size() + command.withheld().size() > Books.CHARGES_MAX) {
      throw new Refusing(
          Reason.MALFORMED, "charges", "a settlement has at most %d".formatted(Books.CHARGES_MAX));
    }
    if (command.feeBasisPoints() < 0 || command.feeBasisPoints() > BASIS) {
      throw new Refusing(
          Reason.MALFORMED, "feeBasisPoints", "must be 0 to 10000, is " + command.feeBasisPoints());
    }
    if (command.split() != null && command.feeBasisPoints() != 0) {
      throw new Refusing(Reason.MALFORMED, "feeBasisPoints", "must be 0 beside a split");
    }
    if (command.modelPayee() != null) {
      Refusing.address("modelPayee", command.modelPayee());
      if (command.split() == null) {
        throw new Refusing(Reason.MALFORMED, "modelPayee", "there is no share without a split");
      }
    }
    var replicas = new HashSet<String>();
    long total = 0;
    for (Charge charge : command.charges()) {
      Refusing.id("charges.replicaId", charge.replicaId());
      Refusing.address("charges.payee", charge.payee());
      if (!replicas.add(charge.replicaId())) {
        throw new Refusing(
            Reason.MALFORMED, "charges.replicaId", charge.replicaId() + " is charged twice");
      }
      if (charge.priceNanoOpen() < 0 || charge.priceNanoOpen() > Books.SUPPLY_NANO_OPEN) {
        throw new Refusing(
            Reason.MALFORMED, "charges.priceNanoOpen", "is " + charge.priceNanoOpen());
      }
      total = Math.min(Long.MAX_VALUE / 2, total + charge.priceNanoOpen());
    }
    return total;
  }

  /**
   * Takes the platform's share of the whole, then spreads it over the charges: each step adds up
   * exactly.
   */
  private static List<Payment> payments(LedgerCommand.Settle command, long total) {
    long[] prices = command.charges().stream().mapToLong(Charge::priceNanoOpen).toArray();
    long fee =
        LargestRemainder.split(total, command.feeBasisPoints(), BASIS - command.feeBasisPoints())[
            0];
    long[] fees = LargestRemainder.split(fee, prices);
    var payments = new ArrayList<Payment>(prices.length);
    for (int i = 0; i < prices.length; i++) {
      var charge = command.charges().get(i);
      payments.add(
          new Payment(
              charge.replicaId(), charge.nodeId(), charge.payee(), prices[i] - fees[i], fees[i]));
    }
    return payments;
  }

  Decision release(LedgerCommand.Release command) {
    OpenHold hold = books.holds.get(command.jobId());
    if (hold == null) {
      FinishedHold finished = finished(command.jobId());
      boolean same = finished.outcome() instanceof LedgerEvent.Released;
      return Refusing.repeat(finished.outcome(), same, "jobId", command.jobId());
    }
    return new Decision.Accepted(
        List.of(
            new LedgerEvent.Released(
                hold.jobId(), hold.tenant(), hold.amountNanoOpen(), command.reason())));
  }

  private FinishedHold finished(String jobId) {
    FinishedHold finished = books.finishedHolds.get(jobId);
    if (finished == null) {
      throw new Refusing(
          Reason.UNKNOWN, "jobId", "nothing is held for " + jobId + ", so nothing can be paid");
    }
    return finished;
  }

  Decision acknowledge(LedgerCommand.Acknowledge command) {
    Refusing.id("source", command.source());
    if (command.numbers().size() > LedgerCommand.Acknowledge.NUMBERS_MAX) {
      throw new Refusing(
          Reason.MALFORMED,
          "numbers",
          "at most %d at once".formatted(LedgerCommand.Acknowledge.NUMBERS_MAX));
    }
    var watermark = books.watermark(command.source());
    var fresh = new ArrayList<Long>();
    for (long number : command.numbers()) {
      if (number < 1 || !watermark.inSpan(number)) {
        throw new Refusing(Reason.MALFORMED, "numbers", "no hold has the number " + number);
      }
      String job = books.jobs.get(new Origin(command.source(), number));
      if (job != null && books.holds.contains(job)) {
        throw new Refusing(Reason.WRONG_STATE, "numbers", job + " is not settled or released yet");
      }
      if (!watermark.contains(number)) {
        fresh.add(number);
      }
    }
    return fresh.isEmpty()
        ? new Decision.Repeated(new LedgerEvent.Acknowledged(command.source(), command.numbers()))
        : new Decision.Accepted(List.of(new LedgerEvent.Acknowledged(command.source(), fresh)));
  }

  private static String digest(LedgerCommand.Settle command) {
    var domain = Domain.of("settlement").text(command.jobId()).int32(command.feeBasisPoints());
    domain.int32(command.charges().size());
    for (Charge charge : command.charges()) {
      domain.text(charge.replicaId()).text(charge.nodeId()).text(charge.payee());
      domain.int64(charge.priceNanoOpen());
    }
    domain.int32(command.withheld().size());
    for (Withholding withheld : command.withheld()) {
      domain.text(withheld.replicaId()).text(withheld.nodeId()).text(withheld.payee());
      domain.int64(withheld.priceNanoOpen()).text(withheld.reason());
    }
    FeeSplit split = command.split();
    if (split != null) {
      domain.int32(split.platformBasisPoints()).int32(split.modelBasisPoints());
      domain.int32(split.stakersBasisPoints()).int32(split.dataBasisPoints());
    }
    if (command.modelPayee() != null) {
      domain.text(command.modelPayee());
    }
    return domain.digest().hex();
  }
}
