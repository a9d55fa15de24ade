package xyz.openledger.chainanchor.receipts;

/**
 * One check of a receipt.
 *
 * @param name what was checked
 * @param holds whether it holds
 * @param detail what was found
 */
public record Finding(String name, boolean holds, String detail) {}
