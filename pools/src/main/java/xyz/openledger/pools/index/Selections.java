package xyz.openledger.pools.index;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Check;

/** The classes of one index that were asked for lately; the one not asked for longest goes. */
public final class Selections {
  /** The most classes. */
  public static final int CLASSES_MAX = 4_096;

  private record Key(List<Term> terms, Ranking ranking, int k) {}

  private final NodeIndex index;
  private final Map<Key, Selection> classes;

  /** At most {@code classesMax} classes over {@code index}. */
  public Selections(NodeIndex index, int classesMax) {
    Check.range("classesMax", classesMax, 1, CLASSES_MAX);
    this.index = index;
    classes =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Selection> eldest) {
            return size() > classesMax;
          }
        };
  }

  /** The class of policies with these terms and this ranking. */
  public Selection of(List<Term> terms, Ranking ranking, int k) {
    var key = new Key(List.copyOf(terms), ranking, k);
    return classes.computeIfAbsent(
        key,
        asked ->
            new Selection(
                index.search(), () -> index.compile(asked.terms()), asked.ranking(), asked.k()));
  }

  /** How many are kept. */
  public int size() {
    return classes.size();
  }
}
