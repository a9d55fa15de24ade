package xyz.openledger.pools.index;

import java.util.List;
import java.util.OptionalInt;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.index.Postings.Word;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;

/** Turns terms into bitmaps and ranges that lose no node which satisfies them. */
final class TermCompiler {
  private final NodeIndex index;
  private final Postings postings;
  private final Program.Builder program;

  private TermCompiler(NodeIndex index, Postings postings) {
    this.index = index;
    this.postings = postings;
    program = Program.over(index.table());
  }

  static Program compile(NodeIndex index, Postings postings, List<Term> terms) {
    List<Term> asked = List.copyOf(terms);
    var compiler = new TermCompiler(index, postings);
    asked.forEach(compiler::add);
    return compiler.program.meaning(row -> satisfies(index.node(row), asked)).build();
  }

  private static boolean satisfies(Node node, List<Term> terms) {
    for (Term term : terms) {
      if (!term.test(node)) {
        return false;
      }
    }
    return true;
  }

  private void add(Term term) {
    switch (term) {
      case Term.Between(Quantity quantity, long min, long max) ->
          between(NodeIndex.column(quantity), Math.max(0, min), max);
      case Term.Among among when among.trait() == Trait.ID -> ids(among);
      case Term.Among among ->
          words(
              among.values().stream()
                  .map(value -> (Word) new Word.OfTrait(among.trait(), value))
                  .toList(),
              among.negated());
      case Term.Label label ->
          words(
              label.values().stream()
                  .map(value -> (Word) new Word.OfLabel(label.key(), value))
                  .toList(),
              label.negated());
      case Term.Labelled(String key, boolean negated) ->
          words(List.of(new Word.OfKey(key)), negated);
    }
  }

  private void between(int column, long min, long max) {
    if (max < min) {
      // No code is at once at least 1 and at most 0.
      program.between(column, 1, 0);
      return;
    }
    int low = Code.of(min);
    int high = Code.of(max);
    program.between(column, low, high);
    if (Code.lowest(low) != min) {
      program.edge(column, low);
    }
    if (Code.highest(high) != max) {
      program.edge(column, high);
    }
  }

  private void words(List<Word> words, boolean negated) {
    if (!words.stream().allMatch(postings::knows)) {
      program.undecided();
      return;
    }
    int bitmap = words.size() == 1 ? postings.bitmap(words.getFirst()) : RangeColumn.NONE;
    if (bitmap == RangeColumn.NONE) {
      program.gathered(
          (slab, into) -> words.forEach(word -> postings.into(word, slab, into)), negated);
    } else if (negated) {
      program.without(bitmap);
    } else {
      program.within(bitmap);
    }
  }

  private void ids(Term.Among among) {
    program.gathered(
        (slab, into) -> {
          for (String value : among.values()) {
            OptionalInt row = index.row(value);
            if (row.isPresent()) {
              slab.set(into, row.getAsInt());
            }
          }
        },
        among.negated());
  }
}
