package xyz.openledger.chainanchor.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.outbox.Action.Tag;
import xyz.openledger.chainanchor.outbox.Observation.Answered;
import xyz.openledger.chainanchor.outbox.Observation.HeadSeen;
import xyz.openledger.chainanchor.outbox.OutboxRow.State;

class OutboxTest {
  private static final long BASE_FEE_WEI = 1_000_000_000;

  private final Outbox outbox = new Outbox(OutboxSettings.DEFAULT);
  private long nowMillis;
  private long suggestedTipWei;

  @Test
  void growsTheOneAnchorThatWaitsWhileTheChainIsAway() {
    for (long size = 10; size <= 10_000; size += 10) {
      write(outbox.planAnchor(size, root(size)));
    }

    assertThat(outbox.rows())
        .extracting(OutboxRow::intent)
        .containsExactly(new Intent.Anchor(0, 10_000, root(10_000)));
    assertThat(outbox.actions(0)).isEmpty();
  }

  @Test
  void looksForTheEffectBeforeItSigns() {
    write(outbox.planAnchor(10, root(10)));
    head(100);

    assertThat(outbox.actions(++nowMillis))
        .extracting(action -> action.getClass().getSimpleName())
        .containsExactlyInAnyOrder("AskNonce", "CheckEffect");
  }

  @Test
  void acceptsAnEffectThatIsThereWithoutIt() {
    write(outbox.planAnchor(10, root(10)));
    head(100);

    answer(Action.CheckEffect.class, new Reply.Effect.Done("size 10"));

    assertThat(only().state()).isEqualTo(State.SATISFIED);
    assertThat(outbox.anchorProgress()).isEqualTo(new AnchorProgress(10, 0, 0));
  }

  @Test
  void startsAnAnchorWhereTheChainsLogEnds() {
    write(outbox.planAnchor(10, root(10)));
    head(100);

    answer(Action.CheckEffect.class, new Reply.Effect.Absent(4));

    assertThat(only().intent()).isEqualTo(new Intent.Anchor(4, 10, root(10)));
  }

  @Test
  void signsStoresThenSends() {
    sign("0x01");

    assertThat(only().state()).isEqualTo(State.SIGNED);
    assertThat(outbox.actions(++nowMillis))
        .filteredOn(Action.Send.class::isInstance)
        .containsExactly(
            new Action.Send(new BlockRef(100, hash(100)), "anchor-0", "0x01", "raw0x01"));
  }

  @Test
  void replacesAnAttemptThatIsNotMinedByOneThatPaysAnEighthMore() {
    sign("0x01");
    answer(Action.Send.class, Reply.Sending.ACCEPTED);

    head(100 + OutboxSettings.DEFAULT.bumpBlocks());
    answer(Action.AskNonce.class, new Reply.Nonce(7));

    var sign = wanted(Action.Sign.class);
    assertThat(sign.nonce()).isEqualTo(7);
    assertThat(sign.tipWeiPerGas()).isEqualTo(1_125_000);
    assertThat(sign.maxFeeWeiPerGas()).isEqualTo((2 * BASE_FEE_WEI + 1_000_000) / 8 * 9);
  }

  @Test
  void paysNoMoreThanTheCap() {
    var last = new Attempt("0x01", "raw", OutboxSettings.DEFAULT.feeCapWei(), 1_000_000);
    suggestedTipWei = Long.MAX_VALUE;

    assertThat(Fees.above(OutboxSettings.DEFAULT, 1, last, seen(100))).isEmpty();
    assertThat(Fees.first(OutboxSettings.DEFAULT, seen(100)).maxFeeWei())
        .isEqualTo(OutboxSettings.DEFAULT.feeCapWei());
  }

  @Test
  void tipsAsTheNodeSuggestsWhenItSignsAndWhenItReplaces() {
    suggestedTipWei = 30_000_000;
    sign("0x01");
    assertThat(only().dearest().tipWeiPerGas()).isEqualTo(30_000_000);
    answer(Action.Send.class, Reply.Sending.ACCEPTED);

    suggestedTipWei = 2_000_000_000;
    head(100 + OutboxSettings.DEFAULT.bumpBlocks());
    answer(Action.AskNonce.class, new Reply.Nonce(7));

    assertThat(wanted(Action.Sign.class).tipWeiPerGas()).isEqualTo(2_000_000_000);
  }

  @Test
  void paysMoreAndMoreUntilTheCapEndsIt() {
    var attempt = new Attempt("0x01", "raw", 2 * BASE_FEE_WEI, OutboxSettings.DEFAULT.tipWei());
    int attempts = 1;
    for (var next = Fees.above(OutboxSettings.DEFAULT, attempts, attempt, seen(100));
        next.isPresent();
        next = Fees.above(OutboxSettings.DEFAULT, attempts, attempt, seen(100))) {
      assertThat(next.get().tipWei()).isGreaterThan(attempt.tipWeiPerGas());
      attempt = new Attempt("0x01", "raw", next.get().maxFeeWei(), next.get().tipWei());
      attempts++;
    }

    assertThat(attempt.maxFeeWeiPerGas())
        .isBetween(OutboxSettings.DEFAULT.feeCapWei() / 9 * 8, OutboxSettings.DEFAULT.feeCapWei());
    assertThat(attempts).isBetween(13, 48);
  }

  @Test
  void whatCannotBeCarriedOutNowIsDueAtTheNextCall() {
    write(outbox.planAnchor(10, root(10)));
    head(100);

    var first = outbox.actions(++nowMillis, 1);
    var second = outbox.actions(nowMillis, 1);

    assertThat(first).hasSize(1).doesNotContainAnyElementsOf(second);
    assertThat(second).hasSize(1);
    assertThat(outbox.actions(nowMillis)).isEmpty();
  }

  @Test
  void looksForEveryAttemptWhenItsNonceIsUsed() {
    sign("0x01");
    answer(Action.Send.class, Reply.Sending.ACCEPTED);
    head(100 + OutboxSettings.DEFAULT.bumpBlocks());
    answer(Action.AskNonce.class, new Reply.Nonce(7));
    var sign = wanted(Action.Sign.class);
    write(
        outbox.observe(
            new Answered(
                sign,
                new Reply.Signature(
                    new Attempt("0x02", "raw0x02", sign.maxFeeWeiPerGas(), sign.tipWeiPerGas())))));

    head(outbox.head().orElseThrow().number() + 1);
    answer(Action.AskNonce.class, new Reply.Nonce(8));

    assertThat(outbox.actions(++nowMillis))
        .filteredOn(Action.AskReceipt.class::isInstance)
        .extracting(action -> ((Action.AskReceipt) action).txHash())
        .containsExactly("0x02", "0x01");
  }

  @Test
  void namesTheTransactionThatWasMinedThoughADearerOneWasSentAfterIt() {
    write(
        List.of(
            new OutboxEvent.Planned("anchor-0", new Intent.Anchor(0, 10, root(10))),
            new OutboxEvent.Signed("anchor-0", 7, new Attempt("0x01", "raw", 20, 10)),
            new OutboxEvent.Signed("anchor-0", 7, new Attempt("0x02", "raw", 30, 12)),
            new OutboxEvent.Mined("anchor-0", "0x01", 100, hash(100), null),
            new OutboxEvent.Safe("anchor-0"),
            new OutboxEvent.Finalized("anchor-0", 100, hash(100))));

    var last = outbox.finalRow("anchor-0").orElseThrow();

    assertThat(last.attempts().getLast().txHash()).isEqualTo("0x01");
    assertThat(last.dearest().txHash()).isEqualTo("0x02");
    assertThat(last.block()).isEqualTo(new BlockRef(100, hash(100)));
  }

  @Test
  void givesUpAWithdrawalThatTheContractKeepsRefusing() {
    var withdrawal = new Intent.Withdraw("w-1", "00".repeat(32), "0x" + "a".repeat(40), 5);
    write(outbox.plan("w-1", withdrawal));
    List<OutboxEvent> last = List.of();
    for (long number = 100; number < 2_000 && last.isEmpty(); number++) {
      head(number);
      for (Action action : outbox.actions(++nowMillis)) {
        if (action instanceof Action.CheckEffect check && check.tag() == Tag.LATEST) {
          last = outbox.observe(new Answered(check, new Reply.Effect.Blocked("exceeds deposits")));
          write(last);
        }
      }
    }

    assertThat(last).containsExactly(new OutboxEvent.Abandoned("w-1", "exceeds deposits"));
    assertThat(outbox.rows()).isEmpty();
    // Its money goes back to the account, so nothing may bring it onto the chain any more.
    for (Outbox now : List.of(outbox, Outbox.of(OutboxSettings.DEFAULT, outbox.snapshot()))) {
      assertThat(now.plan("w-1", withdrawal)).isEmpty();
      assertThat(now.abandoned("w-1")).contains("exceeds deposits");
    }
  }

  @Test
  void stopsWhereTheChainContradictsTheLog() {
    write(outbox.planAnchor(10, root(10)));
    for (long number = 100; number < 103; number++) {
      head(number);
      answer(Action.CheckEffect.class, new Reply.Effect.Conflict("another root at size 10"));
    }

    assertThat(only().state()).isEqualTo(State.CONFLICTED);
    assertThat(outbox.planAnchor(20, root(20))).isEmpty();
    head(103);
    assertThat(outbox.actions(++nowMillis)).isEmpty();
  }

  @Test
  void stopsWhereTheFinalChainTookAnEffectBackThatItFoundThere() {
    write(outbox.plan("epoch-1", new Intent.PublishRoot(0, 1, root(1), 5)));
    head(100);
    answer(Action.CheckEffect.class, new Reply.Effect.Pending("epoch 1 pays later"));
    assertThat(only().state()).isEqualTo(State.SATISFIED);

    for (long number = 101; number < 120; number++) {
      head(number);
      answerCheck(Tag.LATEST, new Reply.Effect.Conflict("the judge rejected epoch 1"));
    }
    assertThat(only().state()).as("the rejection is not final").isEqualTo(State.SATISFIED);

    for (long number = 120; number < 123; number++) {
      head(number);
      answerCheck(Tag.FINAL, new Reply.Effect.Conflict("the judge rejected epoch 1"));
    }
    assertThat(only().state()).isEqualTo(State.CONFLICTED);
    head(123);
    nowMillis += OutboxSettings.DEFAULT.retryMillis();
    assertThat(outbox.actions(nowMillis)).noneMatch(action -> action instanceof Action.Sign);
    answerCheck(Tag.FINAL, new Reply.Effect.Absent(0));
    assertThat(only().state()).as("it is never sent again").isEqualTo(State.CONFLICTED);
    answerCheck(Tag.FINAL, new Reply.Effect.Done("epoch 1, by hand"));
    assertThat(outbox.finalRow("epoch-1")).isPresent();
  }

  @Test
  void saysWhyATransactionIsNotTakenUntilItIs() {
    sign("0x01");
    answer(Action.Send.class, new Reply.Refused("send coins to 0xabc"));

    assertThat(outbox.stalls()).isEqualTo(Map.of("anchor-0", "send coins to 0xabc"));
    assertThat(only().state()).as("it may not have been sent").isEqualTo(State.SIGNED);

    answer(Action.Send.class, Reply.Sending.ACCEPTED);
    assertThat(outbox.stalls()).isEmpty();
  }

  @Test
  void asksTheContractAboutAnAnchorThatItRefusedAndSaysWhyItWaits() {
    sign("0x01");
    write(List.of(new OutboxEvent.Reverted("anchor-0", "0x01", 100)));
    assertThat(outbox.stalls().get("anchor-0")).contains("block 100 refused");
    for (long number = 101; number < 104; number++) {
      head(number);
    }

    var check = wanted(Action.CheckEffect.class);
    assertThat(check.asksContract()).isTrue();
    answer(Action.CheckEffect.class, new Reply.Effect.Blocked("another key anchors"));
    assertThat(outbox.stalls()).isEqualTo(Map.of("anchor-0", "another key anchors"));
    head(104);
    assertThat(outbox.actions(nowMillis += 10_000)).noneMatch(Action.Sign.class::isInstance);

    head(107);
    answer(Action.CheckEffect.class, new Reply.Effect.Absent(0));
    assertThat(outbox.stalls()).isEmpty();
  }

  @Test
  void saysThatTheFeeCapEndsReplacements() {
    suggestedTipWei = OutboxSettings.DEFAULT.feeCapWei();
    sign("0x01");
    answer(Action.Send.class, Reply.Sending.ACCEPTED);
    head(100 + OutboxSettings.DEFAULT.bumpBlocks());
    answer(Action.AskNonce.class, new Reply.Nonce(7));

    outbox.actions(++nowMillis);

    assertThat(outbox.stalls().get("anchor-0")).contains("fee-cap-gwei");
  }

  @Test
  void anchorsAndPayoutsDoNotWaitForWithdrawals() {
    for (int i = 0; i < 100; i++) {
      String id = "w-" + i;
      write(outbox.plan(id, new Intent.Withdraw(id, "00".repeat(32), "0x" + "a".repeat(40), 5)));
    }
    write(outbox.planAnchor(10, root(10)));
    write(outbox.plan("epoch-1", new Intent.Fund("epoch-1", 5)));
    head(100);

    assertThat(outbox.actions(++nowMillis, 3))
        .filteredOn(Action.CheckEffect.class::isInstance)
        .extracting(action -> ((Action.CheckEffect) action).id())
        .containsExactly("anchor-0", "epoch-1");
  }

  @Test
  void plansACallOnce() {
    var fund = new Intent.Fund("epoch-1", 5);
    write(outbox.plan("epoch-1", fund));

    assertThat(outbox.plan("epoch-1", fund)).isEmpty();
    assertThatThrownBy(() -> outbox.plan("epoch-1", new Intent.Fund("epoch-1", 6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("epoch-1 is planned as");
  }

  private void sign(String txHash) {
    write(outbox.planAnchor(10, root(10)));
    head(100);
    answer(Action.AskNonce.class, new Reply.Nonce(7));
    answer(Action.CheckEffect.class, new Reply.Effect.Absent(0));
    var sign = wanted(Action.Sign.class);
    answer(
        Action.Sign.class,
        new Reply.Signature(
            new Attempt(txHash, "raw" + txHash, sign.maxFeeWeiPerGas(), sign.tipWeiPerGas())));
  }

  private void head(long number) {
    write(outbox.observe(seen(number)));
  }

  private HeadSeen seen(long number) {
    return new HeadSeen(
        number,
        hash(number),
        hash(number - 1),
        number - 1,
        number - 2,
        BASE_FEE_WEI,
        suggestedTipWei);
  }

  private <T extends Action> T wanted(Class<T> kind) {
    nowMillis += OutboxSettings.DEFAULT.retryMillis();
    return outbox.actions(nowMillis).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  private void answer(Class<? extends Action> kind, Reply reply) {
    write(outbox.observe(new Answered(wanted(kind), reply)));
  }

  private void answerCheck(Tag tag, Reply reply) {
    nowMillis += OutboxSettings.DEFAULT.retryMillis();
    var check =
        outbox.actions(nowMillis).stream()
            .filter(action -> action instanceof Action.CheckEffect asked && asked.tag() == tag)
            .findFirst()
            .orElseThrow();
    write(outbox.observe(new Answered(check, reply)));
  }

  private void write(List<OutboxEvent> events) {
    events.forEach(outbox::apply);
  }

  private OutboxRow only() {
    assertThat(outbox.rows()).hasSize(1);
    return outbox.rows().getFirst();
  }

  private static String hash(long number) {
    return "0xb" + number;
  }

  private static String root(long size) {
    return "%064x".formatted(size);
  }
}
