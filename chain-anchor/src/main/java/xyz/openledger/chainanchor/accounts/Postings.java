package xyz.openledger.chainanchor.accounts;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns what happened into transfers. Needs no state: an auditor can run it over a journal alone.
 */
public final class Postings {
  private Postings() {}

  /** The transfers of one event, in order. Amounts of zero leave no transfer. */
  public static List<Transfer> of(LedgerEvent event) {
    var transfers = new ArrayList<Transfer>();
    switch (event) {
      case LedgerEvent.Deposited e ->
          add(
              transfers,
              new PaymentKey(e.logId(), "", e.tenant(), Purpose.DEPOSIT),
              Account.CHAIN_ESCROW,
              Account.available(e.tenant()),
              e.amountNanoOpen());
      case LedgerEvent.Held e ->
          add(
              transfers,
              new PaymentKey(e.jobId(), "", e.tenant(), Purpose.HOLD),
              Account.available(e.tenant()),
              Account.held(e.tenant()),
              e.amountNanoOpen());
      case LedgerEvent.Settled e -> settled(transfers, e);
      case LedgerEvent.Released e -> refund(transfers, e.jobId(), e.tenant(), e.amountNanoOpen());
      case LedgerEvent.Acknowledged _ -> {
        // Moves nothing.
      }
      case LedgerEvent.WithdrawalRequested e ->
          add(
              transfers,
              new PaymentKey(e.withdrawalId(), "", e.tenant(), Purpose.HOLD),
              Account.available(e.tenant()),
              Account.withdrawing(e.tenant()),
              e.amountNanoOpen());
      case LedgerEvent.WithdrawalCompleted e ->
          add(
              transfers,
              new PaymentKey(e.withdrawalId(), "", e.tenant(), Purpose.WITHDRAWAL),
              Account.withdrawing(e.tenant()),
              Account.CHAIN_ESCROW,
              e.amountNanoOpen());
      case LedgerEvent.WithdrawalReturned e ->
          add(
              transfers,
              new PaymentKey(e.withdrawalId(), "", e.tenant(), Purpose.REFUND),
              Account.withdrawing(e.tenant()),
              Account.available(e.tenant()),
              e.amountNanoOpen());
      case LedgerEvent.PayoutEpochClosed e -> closed(transfers, e);
      case LedgerEvent.PayoutEpochPublished e -> published(transfers, e);
      case LedgerEvent.PayoutEpochReopened e -> reopened(transfers, e.closed());
      case LedgerEvent.Claimed e ->
          add(
              transfers,
              new PaymentKey(e.logId(), "", e.payee(), Purpose.CLAIM),
              Account.claimable(e.payee()),
              Account.CHAIN_DISTRIBUTOR,
              e.amountNanoOpen());
    }
    return transfers;
  }

  private static void settled(List<Transfer> transfers, LedgerEvent.Settled event) {
    var held = Account.held(event.tenant());
    FeeShares shares = event.shares();
    for (Payment payment : event.payments()) {
      add(
          transfers,
          new PaymentKey(event.jobId(), payment.replicaId(), payment.payee(), Purpose.REWARD),
          held,
          Account.earned(payment.payee()),
          payment.netNanoOpen());
      add(
          transfers,
          shares == null
              ? new PaymentKey(event.jobId(), payment.replicaId(), "platform", Purpose.PLATFORM_FEE)
              : new PaymentKey(event.jobId(), payment.replicaId(), "fees", Purpose.DUST),
          held,
          shares == null ? Account.PLATFORM : Account.DUST,
          payment.feeNanoOpen());
    }
    if (shares != null) {
      share(transfers, event, Purpose.PLATFORM_FEE, Account.PLATFORM, shares.platformNanoOpen());
      share(transfers, event, Purpose.MODEL_FEE, shares.model(), shares.modelNanoOpen());
      share(transfers, event, Purpose.STAKERS_FEE, Account.STAKERS, shares.stakersNanoOpen());
      share(transfers, event, Purpose.DATA_FEE, Account.DATA, shares.dataNanoOpen());
    }
    refund(transfers, event.jobId(), event.tenant(), event.refundNanoOpen());
  }

  private static void share(
      List<Transfer> transfers,
      LedgerEvent.Settled event,
      Purpose purpose,
      Account account,
      long amount) {
    var key = new PaymentKey(event.jobId(), "", account.toString(), purpose);
    add(transfers, key, Account.DUST, account, amount);
  }

  private static void refund(List<Transfer> transfers, String jobId, String tenant, long amount) {
    add(
        transfers,
        new PaymentKey(jobId, "", tenant, Purpose.REFUND),
        Account.held(tenant),
        Account.available(tenant),
        amount);
  }

  private static void closed(List<Transfer> transfers, LedgerEvent.PayoutEpochClosed event) {
    String epoch = "epoch-" + event.epoch();
    for (Payout payout : event.payouts()) {
      var key = new PaymentKey(epoch, "", payout.payee(), Purpose.PAYOUT);
      boolean platform = payout.payee().equals(event.platformPayee());
      long fees = platform ? event.platformNanoOpen() : 0;
      var publishing = Account.publishing(payout.payee());
      long shared = 0;
      for (SharePayout share : event.sharePayouts()) {
        if (share.payee().equals(payout.payee())) {
          var of = new PaymentKey(epoch, "", share.account().toString(), Purpose.PAYOUT);
          add(transfers, of, share.account(), publishing, share.amountNanoOpen());
          shared = Math.addExact(shared, share.amountNanoOpen());
        }
      }
      add(
          transfers,
          key,
          Account.earned(payout.payee()),
          publishing,
          payout.amountNanoOpen() - fees - shared);
      add(transfers, key, Account.PLATFORM, publishing, fees);
    }
  }

  private static void published(List<Transfer> transfers, LedgerEvent.PayoutEpochPublished event) {
    String epoch = "epoch-" + event.epoch();
    for (Payout payout : event.payouts()) {
      add(
          transfers,
          new PaymentKey(epoch, "", payout.payee(), Purpose.PAYOUT),
          Account.publishing(payout.payee()),
          Account.claimable(payout.payee()),
          payout.amountNanoOpen());
    }
    // The epoch's money moved from one contract to the other.
    add(
        transfers,
        new PaymentKey(epoch, "", "distributor", Purpose.PAYOUT),
        Account.CHAIN_DISTRIBUTOR,
        Account.CHAIN_ESCROW,
        event.fundingNanoOpen());
  }

  /** The way back of what {@link #closed} moved; the epoch's money stays with the distributor. */
  private static void reopened(List<Transfer> transfers, LedgerEvent.PayoutEpochClosed event) {
    String epoch = "epoch-" + event.epoch();
    var there = new ArrayList<Transfer>();
    closed(there, event);
    for (Transfer transfer : there) {
      var key = new PaymentKey(epoch, "", transfer.debit().toString(), Purpose.REOPENED);
      add(
          transfers,
          key,
          /* debit= */ transfer.credit(),
          /* credit= */ transfer.debit(),
          transfer.amountNanoOpen());
    }
    add(
        transfers,
        new PaymentKey(epoch, "", "distributor", Purpose.REOPENED),
        Account.CHAIN_DISTRIBUTOR,
        Account.CHAIN_ESCROW,
        event.fundingNanoOpen());
  }

  private static void add(
      List<Transfer> transfers, PaymentKey key, Account debit, Account credit, long amount) {
    if (amount != 0) {
      transfers.add(new Transfer(key, debit, credit, amount));
    }
  }
}
