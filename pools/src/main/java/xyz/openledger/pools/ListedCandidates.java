package xyz.openledger.pools;

import java.util.List;

/** Candidates in a list, each scored. */
final class ListedCandidates implements Candidates {
  /** The score of a candidate whose owner has been drawn. */
  private static final int STRUCK = -1;

  private final List<Node> nodes;
  private final Spreading spreading;
  private final Score.Field field;
  private final int[] scores;
  private final int[] laidOut;

  ListedCandidates(Request request, List<Node> nodes, Locality locality, Spreading spreading) {
    this.nodes = nodes;
    this.spreading = spreading;
    field = Score.Field.of(request, nodes);
    scores = new int[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      Node node = nodes.get(i);
      scores[i] =
          spreading.score(node, locality.score(request, node, Scores.total(request, node, field)));
    }
    laidOut = new int[scores.length];
  }

  @Override
  public int size() {
    return scores.length;
  }

  @Override
  public Score.Field field() {
    return field;
  }

  @Override
  public int newcomers() {
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      if (nodes.get(i).isNewcomer()) {
        laidOut[size++] = i;
      }
    }
    return size;
  }

  @Override
  public int asGoodAsTheBest(int margin) {
    int best = STRUCK;
    for (int score : scores) {
      best = Math.max(best, score);
    }
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] != STRUCK && scores[i] >= best - margin) {
        laidOut[size++] = i;
      }
    }
    return size;
  }

  @Override
  public Pick pick(int place) {
    int at = laidOut[place];
    return new Pick(nodes.get(at), scores[at]);
  }

  @Override
  public void took(Node node) {
    for (int i = 0; i < scores.length; i++) {
      if (nodes.get(i).owner().equals(node.owner())) {
        scores[i] = STRUCK;
      }
    }
    spreading.took(node, nodes, scores, STRUCK);
  }
}
