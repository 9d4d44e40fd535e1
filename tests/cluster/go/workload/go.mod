module blissful.test/workload

go 1.25
