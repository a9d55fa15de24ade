package xyz.openledger.pools.index;

import java.util.LinkedHashSet;
import java.util.Set;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.index.Postings.Word;
import xyz.openledger.pools.requirement.Trait;

/** The words of a node. Its id is not among them: the index finds that by itself. */
final class NodeWords {
  private NodeWords() {}

  static Set<Word> of(Node node) {
    var words = new LinkedHashSet<Word>();
    for (Trait trait : Trait.values()) {
      if (trait != Trait.ID) {
        trait.of(node).forEach(word -> words.add(new Word.OfTrait(trait, word)));
      }
    }
    node.traits()
        .labels()
        .forEach(
            (key, value) -> {
              words.add(new Word.OfKey(key));
              words.add(new Word.OfLabel(key, value));
            });
    return words;
  }

  /** Whether both have the same words for sure; not sure is no. */
  static boolean same(Node one, Node other) {
    return one.region().equals(other.region())
        && one.owner().equals(other.owner())
        && one.traits().equals(other.traits());
  }
}
