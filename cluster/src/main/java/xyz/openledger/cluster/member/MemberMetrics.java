package xyz.openledger.cluster.member;

import java.util.Locale;

/** The member's figures in the Prometheus text format. */
final class MemberMetrics {
  private MemberMetrics() {}

  static String text(ActorMemberApi api) {
    var text = new StringBuilder();
    gauge(
        text,
        "openledger_pools",
        "Pools that this member knows.",
        api.member().directory().pools().size());
    int slots = 0;
    int free = 0;
    int queued = 0;
    int nodes = 0;
    for (var pool : api.member().directory().pools()) {
      slots += pool.slots();
      free += pool.freeSlots();
      queued += pool.queued();
      nodes += pool.nodes();
    }
    gauge(text, "openledger_nodes", "Nodes listed in all pools.", nodes);
    gauge(text, "openledger_slots", "Slots of all nodes.", slots);
    gauge(text, "openledger_slots_free", "Slots that would take a lease now.", free);
    gauge(text, "openledger_tasks_queued", "Tasks that wait for a slot.", queued);
    var standing = api.receiptAnswers().standing();
    gauge(
        text,
        "openledger_chain_reachable",
        "Whether the chain answers.",
        standing != null && standing.reachable() ? 1 : 0);
    var log = api.receiptAnswers().status(api.version());
    gauge(text, "openledger_log_size", "Receipts in the log.", log.size());
    gauge(
        text,
        "openledger_log_witnessed_size",
        "Receipts whose checkpoint enough witnesses cosigned.",
        log.witnessedSize());
    gauge(
        text,
        "openledger_witnesses_away",
        "Witnesses that did not cosign when they were last asked.",
        log.witnesses().stream().filter(witness -> witness.fault() != null).count());
    if (standing != null) {
      gauge(
          text,
          "openledger_log_final_size",
          "Receipts whose checkpoint is final on the chain.",
          standing.progress().finalSize());
      gauge(
          text,
          "openledger_outbox_rows",
          "Calls on their way to the chain.",
          standing.rows().size());
    }
    return text.toString();
  }

  private static void gauge(StringBuilder text, String name, String help, long value) {
    text.append(
        String.format(
            Locale.ROOT, "# HELP %s %s%n# TYPE %s gauge%n%s %d%n", name, help, name, name, value));
  }
}
