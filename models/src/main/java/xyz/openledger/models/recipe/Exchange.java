package xyz.openledger.models.recipe;

/** One question and its answer. */
public record Exchange(String question, String answer) {}
