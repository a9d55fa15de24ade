package xyz.openledger.cluster.evidence;

import java.util.Locale;
import java.util.Map;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Receipt;

/**
 * Where each replica of a job ran and which class of data it was shown, a line each. The class is
 * that of the policy, by which the scheduler chose the node. Region, data class label and licence
 * are what was said: the region by the contributor, the others by the job's labels {@code
 * data-class} and {@code licence}; nobody has proven them.
 */
final class Placements {
  static final String HEADER =
      "job,task,replica,node,owner,pool,standing,region_declared,carbon_g_per_kwh_declared,"
          + "data_class_shown,data_class_label,licence_label,governance_epoch,rule_hash\n";

  private Placements() {}

  static String lines(Receipt receipt, Map<String, String> labels) {
    var text = new StringBuilder();
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      for (Receipt.ReplicaReceipt replica : task.replicas()) {
        text.append(
            String.join(
                ",",
                receipt.job().value(),
                Integer.toString(task.index()),
                replica.replica().toString(),
                replica.node().value(),
                replica.owner().value(),
                replica.pool().value(),
                replica.standing().name().toLowerCase(Locale.ROOT),
                quoted(replica.region()),
                Integer.toString(replica.carbonGramsPerKwh()),
                shown(receipt),
                quoted(labels.getOrDefault("data-class", "")),
                quoted(labels.getOrDefault("licence", "")),
                Long.toString(receipt.governanceEpoch()),
                receipt.ruleHash().toString()));
        text.append('\n');
      }
    }
    return text.toString();
  }

  private static String shown(Receipt receipt) {
    DataClass shown = receipt.dataClass();
    return shown == null ? "" : shown.word();
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9 ._:/-]*") && !text.startsWith("-")
        ? text
        : "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
