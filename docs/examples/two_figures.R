# Two figures of a comparison made again from its tables: Rscript two_figures.R FOLDER OUT. Base R, no packages.
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
out <- arguments[2]

rows <- read.csv(file.path(folder, "comparison.csv"))
mixes <- read.csv(file.path(folder, "prices.csv"))
gains <- subset(rows, indicator == "extensions" & world %in% mixes$world)
gains <- gains[order(-gains$difference_mean), ]

svg(file.path(out, "gains.svg"), width = 8, height = 5)
par(mar = c(4, 16, 2, 1))
place <- seq_len(nrow(gains))
plot(-gains$difference_mean, place, xlim = range(0, -gains$difference_low, -gains$difference_high, na.rm = TRUE),
     yaxt = "n", ylab = "", xlab = "Extensions avoided, with 95 % credible interval", pch = 19)
segments(-gains$difference_high, place, -gains$difference_low, place)
axis(2, place, gains$world_label, las = 1)
abline(v = 0, lty = 3)
invisible(dev.off())

years <- subset(read.csv(file.path(folder, "by_year.csv")), indicator == "extensions" & !(world %in% mixes$world))
svg(file.path(out, "years.svg"), width = 8, height = 5)
plot(range(years$year), range(0, years$level_mean), type = "n", xlab = "Training year from", ylab = "Extensions")
worlds <- unique(years$world_label)
for (number in seq_along(worlds)) {
  one <- years[years$world_label == worlds[number], ]
  lines(one$year, one$level_mean, col = number, lwd = 2)
}
legend("topleft", worlds, col = seq_along(worlds), lwd = 2, bty = "n")
invisible(dev.off())

write.csv(gains[, c("world", "difference_mean")], file.path(out, "gains.csv"), row.names = FALSE)
