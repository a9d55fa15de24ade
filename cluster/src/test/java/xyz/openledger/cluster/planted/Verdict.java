package xyz.openledger.cluster.planted;

/**
 * How a run of some tests ended.
 *
 * @param run the name of the run
 * @param passed tests
 * @param failed tests
 * @param broken whether something failed because classes did not fit together: that is no finding
 * @param detail of the first failure, in one line
 */
record Verdict(String run, long passed, long failed, boolean broken, String detail) {

  String line() {
    return String.join(
        "\t", run, Long.toString(passed), Long.toString(failed), Boolean.toString(broken), detail);
  }

  static Verdict parse(String line) {
    String[] parts = line.split("\t", 5);
    return new Verdict(
        parts[0],
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Boolean.parseBoolean(parts[3]),
        parts[4]);
  }
}
