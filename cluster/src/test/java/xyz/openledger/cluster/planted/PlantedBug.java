package xyz.openledger.cluster.planted;

import java.util.List;

/**
 * A bug that somebody could make, and who must notice it. It is planted into a copy of one source
 * file: what ships has no switch for it.
 *
 * @param name what the program does wrong, as a sentence
 * @param module which module's file
 * @param file relative to the module's {@code src/main/java/xyz/openledger}
 * @param find the text that is right; it stands in the file exactly once
 * @param replacement the text that is wrong
 * @param testModule whose tests notice
 * @param tests the classes, or {@code Class#method}, of which at least one must go red; relative to
 *     {@code xyz.openledger}
 */
record PlantedBug(
    String name,
    String module,
    String file,
    String find,
    String replacement,
    String testModule,
    List<String> tests) {

  /** The name of its test case. */
  @Override
  public String toString() {
    return name;
  }
}
