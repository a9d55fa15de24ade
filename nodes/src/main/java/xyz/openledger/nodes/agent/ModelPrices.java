package xyz.openledger.nodes.agent;

import java.util.List;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.session.ClassPrices;
import xyz.openledger.protocol.session.Terms;

/**
 * What a node asks for work with language models where it cannot do any: the highest price there
 * is, which no job pays. The market has no other word for it, and understands this one.
 */
final class ModelPrices {
  private static final List<String> CLASSES = List.of("inference", "finetune");
  private static final String PROHIBITIVE = Long.toString(Price.NANO_OPEN_PER_GIGAFUEL_MAX);

  private ModelPrices() {}

  /** The terms of a node that serves such models, or of one that does not. */
  static Terms over(Terms terms, boolean serves) {
    Terms said = terms;
    for (String each : CLASSES) {
      String label = ClassPrices.label(each);
      if (!serves) {
        said = said.labelled(label, PROHIBITIVE);
      } else if (PROHIBITIVE.equals(said.labels().get(label))) {
        // From a time when it served none.
        said = said.labelled(label, null);
      }
    }
    return said;
  }
}
